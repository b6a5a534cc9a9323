"""The manager's console, under /till/manager/."""
