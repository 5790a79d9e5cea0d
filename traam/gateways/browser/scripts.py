"""What runs inside a page. `BEFORE` in its own world, before its scripts; the rest in a world apart."""

import json

# Ways out that the interception cannot see, and that no page needs to be read. The browser has no network anyway.
BEFORE = """
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'Notification'])
  try { delete globalThis[name] } catch (e) {}
try { Object.defineProperty(Navigator.prototype, 'onLine', {get: () => true, configurable: true}) } catch (e) {}
try {
  ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('', 'SecurityError'))
} catch (e) {}
try {
  Geolocation.prototype.getCurrentPosition = (_, refused) => refused && refused({code: 1, message: ''})
  Geolocation.prototype.watchPosition = (_, refused) => (refused && refused({code: 1, message: ''}), 0)
} catch (e) {}
"""

# %d: characters kept.
READ = """
((document.doctype ? new XMLSerializer().serializeToString(document.doctype) + '\\n' : '')
  + document.documentElement.outerHTML).slice(0, %d)
"""

# Frames are left alone: they mostly belong to others. Neither media nor style sheets are asked for again.
_JUDGE = """
axe.run(document, {iframes: false, preload: false, resultTypes: ['violations', 'incomplete']}).then(found => {
  const most = %(nodes)d, cut = (text, length) => String(text || '').slice(0, length)
  const rules = list => list.map(rule => ({
    id: rule.id, impact: rule.impact, tags: rule.tags, help: rule.help, description: rule.description,
    helpUrl: rule.helpUrl, count: rule.nodes.length,
    nodes: rule.nodes.slice(0, most).map(node => ({
      html: cut(node.html, 300), target: node.target.flat(9).map(part => cut(part, 300)), impact: node.impact,
      failureSummary: cut(node.failureSummary, 600)
    }))
  }))
  return JSON.stringify({
    testEngine: found.testEngine, url: found.url,
    violations: rules(found.violations), incomplete: rules(found.incomplete)
  })
})
"""


def judge(nodes: int) -> str:
    """The script that runs axe, and answers its results as JSON with at most that many elements for each rule."""
    return _JUDGE % {"nodes": json.loads(str(int(nodes)))}
