"""Cases played to an AI, every reply kept and judged by fixed rules, for validators and the risk department.

Serves document 001, step 2, and document 000 (IV).

Read ``model.py`` first, then ``interfaces.py`` and ``measure``; ``scorers`` holds one rule a file.
"""
