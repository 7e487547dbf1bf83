"""社内教育: a quiz for each role, made by rule from what was found here. Read ``questions`` first."""
