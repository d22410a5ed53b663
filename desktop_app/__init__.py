"""Sunshine Enrollment Workstation 阳光招生离线工作站."""
