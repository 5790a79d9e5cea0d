"""Pages for everyone, without an account: search, notices, themes, academies, calls, cahiers des charges."""
