"""What this machine is and has: users, ports, addresses, a browser, and its errors in words."""
