"""Japanese text: one way of writing with the way back, words, numerals, dates and days."""
