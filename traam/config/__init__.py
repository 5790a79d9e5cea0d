"""Ring 5: settings, addresses, menus, the `traam` command and the pages of documentation drawn from the code."""
