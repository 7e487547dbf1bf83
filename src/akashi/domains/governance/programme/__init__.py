"""The demonstration programme of document 001: themes, parties, milestones, figures, results."""
