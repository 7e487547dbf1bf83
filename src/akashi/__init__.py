"""Akashi (証): evidence for banks that put generative AI before customers and face its attackers."""

__version__ = "0.1.0"
