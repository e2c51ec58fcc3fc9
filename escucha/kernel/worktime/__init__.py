"""Working time: which hours count, and how a term runs through them.

Plain Python. It reads no clock and no database: the calendar and every moment are passed in.
"""
