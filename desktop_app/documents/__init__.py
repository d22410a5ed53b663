"""Workbooks in and out, paper (record to HTML), QR codes and scanned images; no Qt, no database.

Untrusted files are opened only in a child process started anew (``launch``, ``child``).
"""
