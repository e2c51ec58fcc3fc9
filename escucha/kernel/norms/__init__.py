"""Norms: what the law says, since when and for whom. Plain Python over a dated pack of data for each country."""
