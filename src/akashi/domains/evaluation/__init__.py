"""Cases played to an AI, every reply kept and judged by fixed rules, for validators and risk (document 001, 2).

Read ``model.py`` first, then ``interfaces.py`` and ``measure``; ``scorers`` holds one rule a file.
"""
