"""横展開パッケージ: a use case, its evidence and its papers, signed, for another institution."""
