"""What no fixed rule can judge: people judge it, and a model sorts for them. Read ``opinions`` first."""
