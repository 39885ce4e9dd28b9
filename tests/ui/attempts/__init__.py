"""Attempts at what a unit test may not touch, and at what it may: small pieces of code, run as tests of their own."""
