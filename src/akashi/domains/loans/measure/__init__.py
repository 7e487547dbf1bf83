"""What a conversation, an answer and an application come to: pure functions."""
