"""Visits on real sockets: what a server may do to who visits it, and what the visit does all the same."""

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from small_web import EXPIRED, GOOD, HERE, Talk, believing, leading_to, page, says, serving, this_machine, visitor

from traam.engines.pageaudit.values import FETCH_ERRORS, Fetched
from traam.gateways.fetching import IPAddress, Polite, is_public
from traam.gateways.fetching.fetcher import _authorities

SOON = 0.2  # seconds
GZIP, DEFLATE = b"Content-Encoding: gzip", b"Content-Encoding: deflate"


def fetch(talk: Talk, path: str = "/", *, seconds: float = 2.0, **options: Any) -> Fetched:
    with serving(talk) as port:
        return visitor(port, **options).fetch(f"http://site.example:{port}{path}", seconds=seconds)


# --- An honest answer


def test_an_answer_is_given_as_it_came() -> None:
    asked = []

    def talk(caller: socket.socket, heard: bytes) -> None:
        asked.append(heard.decode())
        caller.sendall(
            page(b"<p>\xc3\xa9", b"Content-Type: Text/HTML; charset=utf-8", b"X-Nom: \xc3\xa9", b"X-Nom: \xe9")
        )

    with serving(talk) as port:
        address = f"http://Site.example:{port}/fiche élève?q=1#haut"
        fetched = visitor(port).fetch(address)
    assert (fetched.status, fetched.error, fetched.truncated) == (200, "", False)
    assert (fetched.body, fetched.media_type) == ("<p>é".encode(), "text/html")
    assert (fetched.address, fetched.final) == (address, f"http://site.example:{port}/fiche%20%C3%A9l%C3%A8ve?q=1")
    assert fetched.redirects == () and 0 < fetched.seconds < 2
    assert [value for name, value in fetched.headers if name == "x-nom"] == ["é", "é"]
    head = asked[0].split("\r\n")
    assert head[0] == "GET /fiche%20%C3%A9l%C3%A8ve?q=1 HTTP/1.1"
    assert f"Host: site.example:{port}" in head and "Connection: close" in head


def test_the_visitor_says_who_it_is_and_nothing_else(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Neither what the environment knows (proxies, passwords) nor what a site tried to leave (cookies)."""
    settings.SITE_ADDRESS = "https://traam.example"
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{HERE}:1")
    asked = []

    def talk(caller: socket.socket, heard: bytes) -> None:
        asked.append(heard.decode().lower())
        caller.sendall(page(b"", b"Set-Cookie: suivi=1; Path=/", b"Location: /autre", status=b"302 Found"))

    with serving(talk) as port:
        visitor(port).fetch(f"http://site.example:{port}/")
    assert len(asked) == 2 and all("user-agent: traam-audit/1 (+https://traam.example)" in heard for heard in asked)
    assert not any(word in heard for heard in asked for word in ("cookie", "authorization", "referer"))


@pytest.mark.parametrize(
    "status", [b"204 No Content", b"404 Not Found", b"500 Oups", b"999 Demande refusee", b"302 Found"]
)
def test_an_error_of_the_site_is_an_answer(status: bytes) -> None:
    fetched = fetch(says(page(b"" if status[0] == ord("2") else b"oups", status=status)))
    assert (fetched.status, fetched.error) == (int(status[:3]), "")


# --- Where the socket opens


def test_a_name_is_looked_up_once_and_the_socket_opens_on_what_was_judged() -> None:
    """The second answer is another machine: a second look-up, by us or by a library, would go there."""
    answers = iter([[HERE], ["169.254.169.254"], ["169.254.169.254"]])
    fetched = fetch(says(page()), resolver=lambda host: next(answers))
    assert (fetched.status, fetched.error) == (200, "")
    assert next(answers) == ["169.254.169.254"]


def test_a_name_that_changes_between_two_visits_is_judged_again() -> None:
    answers = iter([[HERE], ["169.254.169.254"]])
    with serving(says(leading_to("/encore"))) as port:
        fetched = visitor(port, resolver=lambda host: next(answers)).fetch(f"http://site.example:{port}/")
    assert (fetched.error, fetched.redirects) == ("refused", (f"http://site.example:{port}/",))


def test_mixed_answers_open_no_socket_at_all() -> None:
    heard: list[bytes] = []
    with serving(lambda caller, asked: heard.append(asked)) as port:
        fetched = visitor(port, resolver=lambda host: [HERE, "10.0.0.1"]).fetch(f"http://site.example:{port}/")
    assert (fetched.error, heard) == ("refused", [])


def test_a_dead_address_leaves_its_turn_to_the_next() -> None:
    def reachable(ip: IPAddress) -> bool:
        return str(ip) in {HERE, "::1"}

    with serving(says(page())) as port:
        there = visitor(port, resolver=lambda host: ["::1", HERE], reachable=reachable)
        assert there.fetch(f"http://site.example:{port}/").status == 200


def test_a_silent_address_does_not_take_all_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def slow(door: socket.socket, address: Any) -> None:
        if address[0] == "127.0.0.2":
            time.sleep(door.gettimeout() or 9)
            raise TimeoutError
        connect(door, address)

    monkeypatch.setattr(socket.socket, "connect", slow)
    with serving(says(page())) as port:
        there = visitor(port, resolver=lambda host: ["127.0.0.2", HERE], reachable=lambda ip: True)
        assert there.fetch(f"http://site.example:{port}/", seconds=0.6).status == 200


def test_nobody_at_this_address() -> None:
    with serving(says()) as port:
        pass
    assert visitor(port).fetch(f"http://site.example:{port}/").error == "connection"


def test_a_look_up_that_never_ends_is_left_behind() -> None:
    def resolver(host: str) -> list[str]:
        time.sleep(2)
        return [HERE]

    start = time.monotonic()
    assert visitor(resolver=resolver).fetch("http://site.example/", seconds=SOON).error == "timeout"
    assert time.monotonic() - start < 1.5


# --- Redirects

ELSEWHERE = [
    "http://127.0.0.1/",
    "http://127.0.0.1:22/",
    "//127.0.0.1/",
    "http://2130706433/",
    "http://[::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://100.100.100.200/",
    "http://[64:ff9b::a00:1]/",
    "http://[2002:a00:1::]/",
    "http://[fe80::1]/",
    "http://localhost/",
    "http://agent:secret@site.example/",
    "http://site.example:6379/",
    "https://site.example:22/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "ftp://site.example/",
    "javascript:alert(1)",
    "data:text/html,bonjour",
    "http://interne.example/",
    "http://[",
    "http://site.example\\@127.0.0.1/",
]


@pytest.mark.parametrize("address", ELSEWHERE)
@pytest.mark.parametrize("status", [b"301 Moved", b"307 Temporary"])
def test_a_redirect_is_judged_as_an_address(address: str, status: bytes) -> None:
    """The first visit is let through to this machine; what follows is under the rule of every day."""
    judged = list[str]()

    def reachable(ip: IPAddress) -> bool:
        judged.append(str(ip))
        return judged == [HERE] or is_public(ip)

    with serving(says(leading_to(address, status))) as port:
        base = f"http://site.example:{port}/"
        fetched = visitor(port, reachable=reachable).fetch(base)
    assert (fetched.error, fetched.status, fetched.redirects) == ("refused", 0, (base,))
    assert fetched.detail.startswith("L'adresse renvoie vers ")


@pytest.mark.parametrize("status", [b"301 M", b"302 F", b"303 S", b"307 T", b"308 P"])
def test_redirects_are_followed_and_told(status: bytes) -> None:
    def talk(caller: socket.socket, heard: bytes) -> None:
        path = heard.split()[1].decode()
        caller.sendall(page(b"ici") if path == "/%C3%A9/fin" else leading_to({"/a": "/é/b#x"}.get(path, "fin"), status))

    with serving(talk) as port:
        site = f"http://site.example:{port}"
        fetched = visitor(port).fetch(f"{site}/a")
        assert (fetched.body, fetched.final) == (b"ici", f"{site}/%C3%A9/fin")
        assert fetched.redirects == (f"{site}/a", f"{site}/%C3%A9/b")
        unmoved = visitor(port).fetch(f"{site}/a", follow=False)
        assert (unmoved.status, unmoved.final, unmoved.redirects) == (int(status[:3]), f"{site}/a", ())
        assert unmoved.header("Location") == "/é/b#x"


def test_a_redirect_that_turns_round() -> None:
    fetched = fetch(says(leading_to("/#encore")))
    assert fetched.error == "redirects" and len(fetched.redirects) == 1


@pytest.mark.parametrize(("length", "error"), [(5, ""), (6, "redirects")])
def test_five_redirects_and_no_more(length: int, error: str) -> None:
    def talk(caller: socket.socket, heard: bytes) -> None:
        step = int(heard.split()[1][1:])
        caller.sendall(page() if step == length else leading_to(f"/{step + 1}"))

    fetched = fetch(talk, "/0")
    assert (fetched.error, len(fetched.redirects)) == (error, length)


def test_the_body_of_a_redirect_is_not_read() -> None:
    def talk(caller: socket.socket, heard: bytes) -> None:
        if b"/fin" in heard:
            caller.sendall(page())
        else:
            caller.sendall(b"HTTP/1.1 302 Found\r\nLocation: /fin\r\n\r\n")
            time.sleep(1)

    assert fetch(talk, seconds=0.8).status == 200


# --- Too much


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Talk:
    def talk(caller: socket.socket, heard: bytes) -> None:
        caller.sendall(head)
        with suppress(OSError):
            while True:
                caller.sendall(piece)
                time.sleep(pause)

    return talk


def test_an_endless_page_is_cut() -> None:
    fetched = fetch(endless(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 10_000), limits={"most_bytes": 50_000})
    assert (fetched.status, fetched.error, fetched.truncated, len(fetched.body)) == (200, "", True, 50_000)


def test_a_page_of_exactly_the_limit_is_whole() -> None:
    fetched = fetch(says(page(b"a" * 50_000)), limits={"most_bytes": 50_000})
    assert (fetched.truncated, len(fetched.body)) == (False, 50_000)


@pytest.mark.parametrize("header", [GZIP, DEFLATE])
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_bomb_is_cut_before_it_bursts(header: bytes, wrapped: bool) -> None:
    machine = zlib.compressobj(9, wbits=(31 if header == GZIP else 15) if wrapped or header == GZIP else -15)
    bomb = b"".join(machine.compress(b"\0" * 1_000_000) for _ in range(60)) + machine.flush()
    assert len(bomb) < 70_000
    before = _peak()
    fetched = fetch(says(page(bomb, header)), limits={"most_bytes": 100_000})
    assert (fetched.error, fetched.truncated, fetched.body) == ("", True, b"\0" * 100_000)
    assert _peak() - before < 20_000  # kilobytes: sixty thousand would be the bomb


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def test_a_compressed_stream_that_holds_nothing_is_cut_too() -> None:
    """Empty members, one after the other: the page would never grow, and the wire never end."""
    members = gzip.compress(b"") * 5_000
    talk = endless(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", members)
    fetched = fetch(talk, seconds=5, limits={"most_bytes": 1000})
    assert (fetched.error, fetched.truncated, fetched.body) == ("", True, b"")


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (GZIP, gzip.compress(b"bonjour" * 9000)),
        (GZIP, gzip.compress(b"bonjour" * 4000) + gzip.compress(b"bonjour" * 5000)),
        (GZIP, gzip.compress(b"bonjour" * 9000) + b"\0\0reste"),
        (GZIP, gzip.compress(b"bonjour" * 9000)[:-8]),
        (b"Content-Encoding: X-GZIP", gzip.compress(b"bonjour" * 9000)),
        (DEFLATE, zlib.compress(b"bonjour" * 9000)),
        (DEFLATE, zlib.compress(b"bonjour" * 9000)[2:-4]),
        (b"Content-Encoding: identity", b"bonjour" * 9000),
        (b"Content-Encoding: utf-8", b"bonjour" * 9000),
    ],
)
def test_compressed_pages_are_read_whole(header: bytes, body: bytes) -> None:
    fetched = fetch(says(page(body, header)))
    assert (fetched.error, fetched.truncated, fetched.body) == ("", False, b"bonjour" * 9000)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (GZIP, b"bonjour"),
        (GZIP, gzip.compress(b"bonjour")[:10] + b"\x07" * 50),
        (DEFLATE, b"\xff\xff\xff"),
        (b"Content-Encoding: gzip, gzip", gzip.compress(gzip.compress(b"bonjour"))),
        (b"Content-Encoding: br", b"bonjour"),
        (b"Content-Encoding: zstd", b"bonjour"),
    ],
)
def test_what_does_not_open_is_said(header: bytes, body: bytes) -> None:
    fetched = fetch(says(page(body, header)))
    assert (fetched.error, fetched.status) == ("protocol", 200) and "compressée" in fetched.detail


@pytest.mark.parametrize(
    "talk",
    [
        says(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 200_000, b"\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\n", b"X-Nom: valeur\r\n" * 20_000, b"\r\n"),
        endless(b"HTTP/1.1 200 OK\r\n", b"X-Nom: valeur\r\n" * 100),
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nX-Nom: valeur\r\n\r\n" * 100),
        endless(b"", b"a" * 1000),
    ],
    ids=["one header", "many headers", "endless headers", "endless hints", "endless first line"],
)
def test_too_many_headers(talk: Talk) -> None:
    fetched = fetch(talk)
    assert (fetched.error, fetched.status, fetched.body) == ("protocol", 0, b"")


# --- Too slow


@pytest.mark.parametrize(
    ("talk", "status"),
    [
        (lambda caller, heard: time.sleep(2), 0),
        (endless(b"", b"H", 0.02), 0),
        (endless(b"HTTP/1.1 200 OK\r\n", b"X-Nom: v\r\n", 0.02), 0),
        (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.02), 0),
        (endless(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"a", 0.02), 200),
        (endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", 0.02), 200),
        (endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1", b";a=b", 0.02), 200),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"a", 0.02), 200),
    ],
    ids=["silence", "first line", "headers", "hints", "body", "chunks", "one chunk", "no length"],
)
def test_a_server_that_drips_is_left_at_the_deadline(talk: Talk, status: int) -> None:
    start = time.monotonic()
    fetched = fetch(talk, seconds=SOON)
    assert (fetched.error, fetched.status) == ("timeout", status)
    assert SOON <= time.monotonic() - start < 2


def test_the_deadline_is_that_of_the_whole_visit() -> None:
    def talk(caller: socket.socket, heard: bytes) -> None:
        time.sleep(0.3)
        caller.sendall(leading_to(f"{heard.split()[1].decode()}a"))

    fetched = fetch(talk, seconds=0.5)
    assert (fetched.error, len(fetched.redirects)) == ("timeout", 1)


# --- Not the web


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>HTTP/0.9 n'a pas d'en-tete</html>",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"220 courrier.example ESMTP\r\n",
        b"-ERR unknown command 'GET'\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nsans deux-points\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX : espace\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ncoupe",
        b"HTTP/1.1 200 OK\r\n",
        CHUNKED + b"zz\r\nbonjour\r\n",
        CHUNKED + b"-1\r\n\r\n",
        CHUNKED + b"7\r\nbonjour!!\r\n0\r\n\r\n",
        CHUNKED + b"fffffffffffffffffffffffff\r\nbonjour",
        CHUNKED + b"7\r\nbonjour\r\n",
    ],
    ids=lambda answer: ascii(answer)[2:50],
)
def test_what_is_not_http_is_said_and_never_raised(answer: bytes) -> None:
    fetched = fetch(says(answer))
    assert fetched.error == "protocol" and fetched.detail


def test_a_server_that_hangs_up() -> None:
    def talk(caller: socket.socket, heard: bytes) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        time.sleep(0.05)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, not a goodbye

    fetched = fetch(talk)
    assert (fetched.error, fetched.body) == ("connection", b"abc")


def test_whatever_a_server_says_the_visit_ends_in_a_word() -> None:
    """Answers cut anywhere, and with a byte changed anywhere."""
    whole = page(gzip.compress(b"bonjour"), GZIP, b"Location: http://[::1/")
    cut = [whole[:end] for end in range(0, len(whole), 9)]
    changed = [whole[:at] + bytes([whole[at] ^ 0x95]) + whole[at + 1 :] for at in range(0, len(whole), 5)]
    answers = iter(cut + changed)
    with serving(lambda caller, heard: caller.sendall(next(answers))) as port:
        seen = [visitor(port).fetch(f"http://site.example:{port}/", seconds=1) for _ in cut + changed]
    assert {fetched.error for fetched in seen} <= {"", *FETCH_ERRORS}
    assert all(fetched.detail for fetched in seen if fetched.error)


# --- TLS


def over_tls(certificate: str, host: str = "site.example", **options: Any) -> Fetched:
    with serving(says(page()), certificate) as port:
        return visitor(port, **options).fetch(f"https://{host}:{port}/")


def test_a_certificate_that_bears_the_name_asked() -> None:
    """The name that was asked, and not the address that was opened."""
    assert over_tls(GOOD, tls=believing(GOOD)).body == b"bonjour"


@pytest.mark.parametrize(
    ("certificate", "host", "options", "why"),
    [
        (GOOD, "site.example", {}, "signé que par lui-même"),
        (GOOD, "site.example", {"tls": believing(EXPIRED)}, "signé que par lui-même"),
        (GOOD, "autre.example", {"tls": believing(GOOD)}, "un autre nom"),
        (GOOD, HERE, {"tls": believing(GOOD)}, "un autre nom"),
        (EXPIRED, "site.example", {"tls": believing(EXPIRED)}, "expiré"),
    ],
)
def test_a_bad_certificate_is_said(certificate: str, host: str, options: dict[str, Any], why: str) -> None:
    fetched = over_tls(certificate, host, **options)
    assert (fetched.error, fetched.status, fetched.body) == ("tls", 0, b"") and why in fetched.detail


def test_the_default_believes_what_browsers_do_and_verifies_names() -> None:
    context = _authorities()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.cert_store_stats()["x509_ca"] > 100


def test_no_tls_where_some_was_expected() -> None:
    with serving(lambda caller, heard: caller.sendall(page())) as port:
        # The server waits for the end of a head that is a greeting of TLS: it answers once it has heard an empty line.
        fetched = visitor(port).fetch(f"https://site.example:{port}/", seconds=SOON)
    assert fetched.error == "timeout"
    with socket.create_server((HERE, 0)) as door:
        Thread(target=lambda: door.accept()[0].sendall(page()), daemon=True).start()
        port = door.getsockname()[1]
        assert visitor(port).fetch(f"https://site.example:{port}/").error == "tls"


# --- Asking whether a link answers


def ask(answers: Callable[[str], bytes], **options: Any) -> tuple[Any, list[str]]:
    methods: list[str] = []

    def talk(caller: socket.socket, heard: bytes) -> None:
        methods.append(heard.split()[0].decode())
        caller.sendall(answers(methods[-1]))

    with serving(talk) as port:
        return visitor(port).ask(f"http://site.example:{port}/", **options), methods


def test_a_link_is_asked_without_its_page() -> None:
    link, methods = ask(lambda method: b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\nContent-Encoding: br\r\n\r\n")
    assert (link.status, link.error, link.soft, methods) == (200, "", False, ["HEAD"])


@pytest.mark.parametrize("status", [b"400 B", b"403 F", b"404 N", b"405 M", b"500 I", b"501 N"])
def test_a_server_that_refuses_head_is_asked_as_a_reader_would(status: bytes) -> None:
    link, methods = ask(lambda method: page(status=status) if method == "HEAD" else page(b"a" * 500_000))
    assert (link.status, link.error, methods) == (200, "", ["HEAD", "GET"])


def test_a_server_that_hangs_up_on_head() -> None:
    link, methods = ask(lambda method: b"" if method == "HEAD" else page())
    assert (link.status, link.error, methods) == (200, "", ["HEAD", "GET"])


def test_a_dead_link_is_dead_twice() -> None:
    link, methods = ask(lambda method: page(b"", status=b"404 Not Found"))
    assert (link.status, link.error, methods) == (404, "", ["HEAD", "GET"])


@pytest.mark.parametrize("status", [b"410 Gone", b"429 Busy"])
def test_what_says_itself_is_not_asked_twice(status: bytes) -> None:
    link, methods = ask(lambda method: page(b"", status=status))
    assert (link.status, methods) == (int(status[:3]), ["HEAD"])


def test_an_answer_whose_page_lasts_too_long_is_an_answer() -> None:
    link, _ = ask(lambda method: b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", gone=lambda fetched: False)
    assert (link.status, link.error) == (200, "")


def test_a_page_that_says_it_does_not_exist() -> None:
    def gone(fetched: Fetched) -> bool:
        return b"introuvable" in fetched.body

    link, methods = ask(lambda method: page(b"page introuvable"), gone=gone)
    assert (link.status, link.soft, methods) == (200, True, ["GET"])
    assert not ask(lambda method: page(b"bonjour"), gone=gone)[0].soft


def test_a_link_that_leads_nowhere() -> None:
    assert visitor().ask("ftp://site.example/").error == "refused"
    assert visitor(resolver=lambda host: []).ask("http://site.example/").error == "name"


# --- Politeness, through the door


def test_each_visit_waits_its_turn_and_the_wait_is_not_taken_from_it() -> None:
    polite, start = Polite(0.6), time.monotonic()
    with serving(says(page())) as port:
        polite.wait("site.example")
        fetched = visitor(port, polite=polite).fetch(f"http://site.example:{port}/", seconds=0.5)
    assert fetched.status == 200 and 0 < fetched.seconds < 0.5
    assert time.monotonic() - start >= 0.6


def test_redirects_and_second_questions_wait_their_turn_too() -> None:
    now, waited = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    with serving(says(leading_to("/", b"302 Found"))) as port:
        visitor(port, polite=Polite(30.0, clock=lambda: now[0], sleep=sleep)).fetch(f"http://site.example:{port}/a")
    assert waited == [30.0]


def test_a_site_that_says_later_is_left_alone() -> None:
    polite = Polite(1.0, clock=lambda: 0.0)
    with serving(says(page(b"", b"Retry-After: 20", status=b"503 Busy"))) as port:
        assert visitor(port, polite=polite).fetch(f"http://site.example:{port}/").status == 503
    assert (polite.pause("site.example"), polite.pause("autre.example")) == (20.0, 0.0)


def test_the_rule_of_these_tests_lets_this_machine_through_and_no_other() -> None:
    assert this_machine(ip_address(HERE)) and not this_machine(ip_address("127.0.0.2"))
