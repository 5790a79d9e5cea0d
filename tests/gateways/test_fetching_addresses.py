"""Hostile addresses, one by one: none of them opens a socket. And the honest ones that look like them, which pass."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest

from traam.gateways.fetching import Fetcher, is_public
from traam.gateways.fetching.addresses import place_of
from traam.gateways.fetching.refusals import Failed


@pytest.fixture(autouse=True)
def _no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*args: object) -> None:
        raise AssertionError(f"a socket was opened to {args[1:]}")

    monkeypatch.setattr(socket.socket, "connect", connect)


def nobody(host: str) -> list[str]:
    raise AssertionError(f"{host} was looked up")


NOT_EVEN_LOOKED_UP = [
    # this machine
    "http://127.0.0.1/",
    "http://127.0.0.1:443/",
    "https://127.0.0.1/",
    "http://127.255.255.254/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0.0.0.0/",
    "http://0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    # written otherwise
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0177.0x0.1/",
    "http://127.0.0.1./",
    "http://2130706433./",
    "HTTP://127.0.0.1/",
    "  http://127.0.0.1/  ",
    "http://１２７.０.０.１/",
    "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://0x7F.１/",
    "http://١٢٧.0.0.1/",
    "http://127.0.0.1%00.example/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%2eexample/",
    "http://127.0.0.1\u00ad/",
    "http://4294967296/",
    "http://127.0.0.1.1/",
    "http://256.0.0.1/",
    "http://1_0.1/",
    "http://1_1.1.1.1/",
    "http://+11.1.1.1/",
    "http://09.0.0.1/",
    # private, local, shared
    "http://10.0.0.1/",
    "http://10.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://192.168.257/",
    "http://100.64.0.1/",
    "http://169.254.1.1/",
    "http://198.18.0.1/",
    "http://192.0.0.8/",
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[2001:4860:4860::8888%eth0]/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[4000::1]/",
    # what a cloud tells of its machines
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xA9FEA9FE/",
    "http://0251.0376.0251.0376/",
    "http://169.254.170.2/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://168.63.129.16/",
    "http://[fd00:ec2::254]/",
    "http://[fd20:ce::254]/",
    # an IPv4 address inside an IPv6 one
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[::10.0.0.1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::8.8.8.8]/",
    "http://[64:ff9b:1::10.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::1]/",
    "http://[2001:0:7f00:1::1]/",
    "http://[2001:10::1]/",
    "http://[2001:20::1]/",
    "http://[2001:2::1]/",
    # other schemes
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "gopher://site.example/_x",
    "ftp://site.example/",
    "dict://site.example:2628/",
    "ldap://site.example/",
    "jar:http://site.example!/",
    "data:text/html,bonjour",
    "javascript:alert(1)",
    "mailto:quelqu.un@site.example",
    "ws://site.example/",
    "unix:///run/traam.sock",
    "http+unix://%2Frun%2Ftraam.sock/",
    "view-source:http://site.example/",
    # other ports
    "http://site.example:22/",
    "http://site.example:25/",
    "http://site.example:5432/",
    "http://site.example:6379/",
    "http://site.example:8080/",
    "https://site.example:8443/",
    "http://site.example:0/",
    "http://site.example:65616/",
    "http://site.example:99999999999999999999/",
    "http://site.example:80a/",
    "http://site.example:-80/",
    "http://site.example:８０80/",
    # names and passwords, and programs that do not agree on where the host ends
    "http://agent@site.example/",
    "http://agent:secret@site.example/",
    "http://@site.example/",
    "http://site.example@127.0.0.1/",
    "http://127.0.0.1@site.example/",
    "http://site.example\\@127.0.0.1/",
    "http://site.example\\.127.0.0.1/",
    "http://127.0.0.1\\@site.example/",
    "http://site.example\t@127.0.0.1/",
    "http://site.exa\nmple/",
    "http://site.example\r\nHost: autre/",
    "http://site .example/",
    "http://site.example\x00/",
    "http://site.example:80:80/",
    "http://[site.example]/",
    "http://[::1/",
    "http://::1/",
    "http://[::1].example/",
    # names that are not those of the internet, or not names
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://ⓛocalhost/",
    "http://intranet/",
    "http://site..example/",
    "http://.example/",
    "http://-site.example/",
    "http://site.example../",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a.b" * 100 + ".example/",
    "http://site_℀.example/",
    "http://exa<mple.fr/",
    "http://xn--\u200d.example/",
    # not addresses
    "",
    "/page",
    "//site.example/",
    "http:site.example",
    "http:/site.example/",
    "http:///site.example/",
    "http://",
    "http://?",
    "https://#",
    "site.example",
    "http://site.example/" + "a" * 5000,
    "http://site.example/\ud800",
]


@pytest.mark.parametrize("address", NOT_EVEN_LOOKED_UP, ids=lambda address: ascii(address)[:60])
def test_a_hostile_address_is_refused_before_any_look_up(address: str) -> None:
    fetched = Fetcher(resolver=nobody).fetch(address)
    assert (fetched.error, fetched.status, fetched.body) == ("refused", 0, b"")
    assert fetched.address == address and fetched.detail.endswith(".")
    assert Fetcher(resolver=nobody).ask(address).error == "refused"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://agent:secret@site.example/", "mot de passe"),
        ("http://site.example:8080/", "port 8080"),
        ("ftp://site.example/", "http:// ou https://"),
        ("http://intranet/", "réseau interne"),
        ("http://10.0.0.1/", "internet public"),
    ],
)
def test_a_refusal_says_what_to_mend(address: str, why: str) -> None:
    assert why in Fetcher().fetch(address).detail


INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "168.63.129.16",
    "169.254.169.254",
    "172.20.0.1",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.0.10",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.175.48.1",
    "198.19.0.1",
    "224.0.0.251",
    "233.252.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::8.8.8.8:0",
    "::ffff:127.0.0.1",
    "::ffff:192.168.0.1",
    "::ffff:0:8.8.8.8",
    "64:ff9b::a00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:1::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:1ff::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%2",
    "fec0::1",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("ip", INSIDE)
def test_a_name_that_leads_inside_is_refused(ip: str) -> None:
    """Whatever the name, and whether it leads there itself or through another one."""
    fetched = Fetcher(resolver=lambda host: [ip]).fetch("http://site.example/")
    assert fetched.error == "refused" and "internet public" in fetched.detail
    assert ip not in fetched.detail  # what the local network answers is told to nobody


@pytest.mark.parametrize("ip", INSIDE)
def test_the_rule_is_our_own(ip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python takes for global changes from one version to the next: our list is enough without it."""
    for kind in (IPv4Address, IPv6Address):
        monkeypatch.setattr(kind, "is_global", True)
        for name in ("is_multicast", "is_reserved", "is_unspecified"):
            monkeypatch.setattr(kind, name, False)
    assert Fetcher(resolver=lambda host: [ip]).fetch("http://site.example/").error == "refused"


@pytest.mark.parametrize("answers", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2001:4860:4860::8888", "::1"]])
def test_one_address_inside_is_enough_to_refuse(answers: list[str]) -> None:
    assert Fetcher(resolver=lambda host: answers).fetch("https://site.example/").error == "refused"


@pytest.mark.parametrize(
    "ip",
    ["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255"]
    + ["2001:4860:4860::8888", "2a01:e0a::1", "2606:4700::1111", "2001:200::1", "::ffff:8.8.8.8"],
)
def test_the_public_internet_is_public(ip: str) -> None:
    assert is_public(ip_address(ip))


@pytest.mark.parametrize(("raised", "error"), [
    (socket.gaierror(socket.EAI_NONAME, ""), "name"),
    (socket.gaierror(socket.EAI_AGAIN, ""), "connection"),
    (UnicodeError(), "name"),
    (None, "name"),
])  # fmt: skip
def test_a_name_that_leads_nowhere(raised: Exception | None, error: str) -> None:
    def resolver(host: str) -> list[str]:
        if raised is not None:
            raise raised
        return []

    fetched = Fetcher(resolver=resolver).fetch("http://site.example/")
    assert fetched.error == error and fetched.detail


def test_the_system_is_asked_for_a_whole_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its last dot, a name may be completed with that of the local network."""
    asked = []

    def getaddrinfo(host: str, *args: Any, **options: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert Fetcher().fetch("http://site.example/").error == "refused"
    assert asked == ["site.example."]


HONEST = {
    "http://site.example": "http://site.example/",
    "HTTPS://Site.Example:443/A?B=1#haut": "https://site.example/A?B=1",
    "http://site.example:80?q=1": "http://site.example/?q=1",
    "http://site.example:/": "http://site.example/",
    "https://site.example:80/": "https://site.example:80/",
    "http://site.example./": "http://site.example/",
    "http://École-élémentaire.example/": "http://xn--cole-lmentaire-9jbfb.example/",
    "http://site.example/fiche élève.pdf": "http://site.example/fiche%20%C3%A9l%C3%A8ve.pdf",
    "http://site.example/a%20b%C3%A9": "http://site.example/a%20b%C3%A9",
    "http://site.example/a/../b": "http://site.example/b",
    "http://site.example/a\\b?c\\d": "http://site.example/a/b?c\\d",
    "http://my_site.example/@agent": "http://my_site.example/@agent",
    "http://134744072/": "http://8.8.8.8/",
    "http://8.8.2056/": "http://8.8.8.8/",
    "http://[2001:4860:4860:0::8888]/": "http://[2001:4860:4860::8888]/",
    "http://３．example/": "http://3.example/",
}


@pytest.mark.parametrize(("address", "written"), HONEST.items())
def test_an_honest_address_is_written_in_one_way(address: str, written: str) -> None:
    try:
        place = place_of(address)
    except Failed as failure:
        pytest.fail(str(failure))
    assert place.address == written
    assert place_of(written) == place
