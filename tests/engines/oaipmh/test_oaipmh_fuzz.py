"""Whatever is asked, an XML document comes back, and it follows the schemas when they are there."""

from hypothesis import given, settings
from hypothesis import strategies as st
from oaipmh_bench import ask, identifier, provider, shelf, token

ASKED = provider(shelf(25))
TOKEN = token(ask(ASKED, "verb=ListRecords metadataPrefix=oai_dc"))
VERBS = ["Identify", "ListMetadataFormats", "ListSets", "GetRecord", "ListIdentifiers", "ListRecords"]
NAMES = ["identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"]
DATES = ["2025-01-01", "2025-01-01T00:00:00Z", "2025-13-01", "9999-12-31", "0001-01-01T00:00:00Z"]
PLAUSIBLE = [
    "oai_dc",
    "lom",
    identifier(1),
    "http://a.org:80/b",
    "theme",
    "theme:ia",
    TOKEN,
    TOKEN[:-1],
    *DATES,
]
HOSTILE = [
    "",
    " ",
    "\n",
    "\x00",
    "\ud800",
    "\ufffe",
    "]]>",
    "<a>",
    "&",
    "%zz",
    "a:",
    "//",
    "http://[",
    "x://y:z",
]

anything = st.text(st.characters(codec=None), max_size=20)
uri_like = st.text("abz09:/?#[]@!$&'()*+,;=%-._~ ", max_size=15)
value = st.one_of(st.sampled_from(PLAUSIBLE), st.sampled_from(HOSTILE), uri_like, anything)
argument = st.tuples(st.one_of(st.sampled_from([*NAMES, "verb"]), anything), value)
request = st.tuples(st.sampled_from([*VERBS, "identify", ""]), st.lists(argument, max_size=4)).map(
    lambda asked: [("verb", asked[0]), *asked[1]]
)
one_verb = st.tuples(st.sampled_from(VERBS), st.dictionaries(st.sampled_from(NAMES), value, max_size=3)).map(
    lambda asked: [("verb", asked[0]), *asked[1].items()]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(request, one_verb, st.lists(argument, max_size=5)))
def test_any_request_has_an_answer(arguments: list[tuple[str, str]]) -> None:
    ask(ASKED, arguments)


@settings(max_examples=200, deadline=None)
@given(st.one_of(uri_like, anything))
def test_any_identifier_can_be_asked(name: str) -> None:
    ask(ASKED, [("verb", "GetRecord"), ("metadataPrefix", "oai_dc"), ("identifier", name)])
