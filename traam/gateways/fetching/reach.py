"""Which IP addresses are on the public internet. The rule is stricter than `ipaddress.is_global`, and does not lean
on it alone: Python 3.11 takes `fec0::1`, `::127.0.0.1`, `64:ff9b::7f00:1` and `224.0.0.1` for global.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from traam.gateways.fetching.addresses import IPAddress

# IANA special-purpose registries, and what clouds answer from on a public-looking address.
_CLOSED_4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this very network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers; metadata of a cloud at 100.100.100.200
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # the machine room of a cloud, inside its virtual machines
        "169.254.0.0/16",  # link-local; metadata of most clouds at 169.254.169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols; metadata of a cloud at 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_OPEN_6 = IPv6Network("2000::/3")  # the only unicast space ever given out: closes mapped, translated, local, multicast
_CLOSED_6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocols: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(ip: IPAddress) -> bool:
    """Whether anybody on the internet may go there. An IPv4 address inside an IPv6 one is judged as IPv4."""
    ip = unwrapped(ip)
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in net for net in _CLOSED_4)
    return ip in _OPEN_6 and not any(ip in net for net in _CLOSED_6)


def unwrapped(ip: IPAddress) -> IPAddress:
    """`::ffff:192.0.2.1` and `::192.0.2.1` are 192.0.2.1 under another name."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if 1 < int(ip) < 1 << 32:
            return IPv4Address(int(ip))
    return ip
