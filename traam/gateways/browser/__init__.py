"""Pages as a browser shows them: the machine's own Chromium, without any network, every request answered by the caller.

    with Browser(fetch) as browser:
        rendered = browser.render("https://exemple.fr/")

`fetch(method, address, headers)` gives what the network answers. Chromium and axe-core are optional: `availability()`
says what lacks and how to get it.
"""

from traam.gateways.browser.browser import Browser, Care
from traam.gateways.browser.interception import Bounds, Fetch
from traam.gateways.browser.machine import Availability, availability
from traam.gateways.browser.visit import Limits

__all__ = ["Availability", "Bounds", "Browser", "Care", "Fetch", "Limits", "availability"]
