"""Thistle & Tin: a small shop for tea and teaware. The rules are pure modules; `repository` and `web` are the shell."""
