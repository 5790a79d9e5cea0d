"""How many times the public pages are read: counted by month, without a cookie, and without anything of who reads."""
