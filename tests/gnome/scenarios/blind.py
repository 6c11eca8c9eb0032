"""GNOME Settings: each kind of VPN is added by keyboard and by ear, without mouse and picture."""

from settings import *

SHOW = ("Show Password", "Show Text")
PAGES = [("Network", None), ("Security", None), ("Connection", None)]

# What Tab leads to, in this order, and what is typed there.
KINDS = {
    "Password, group": (
        [
            ("Gateway", "vpn.example.com"),
            ("Sign In With", None),
            ("User Name", "alice"),
            ("Password", "secret one"),
            (SHOW, None),
            ("Password: Stored for you alone", None),
            ("Group Name", "@[team]"),
            ("Group Secret", "secret two"),
            (SHOW, None),
            ("Group Secret: Stored for you alone", None),
            ("Gateway’s Identity", None),
            *PAGES,
        ],
        {
            "right": "vpn.example.com",
            "leftusername": "alice",
            "leftid": "@[team]",
            "xauthpassword-flags": "1",
            "pskvalue-flags": "1",
        },
    ),
    "Shared key": (
        [
            ("Your Identity", "@client.example.com"),
            ("Shared Key", "secret three"),
            (SHOW, None),
            ("Shared Key: Stored for you alone", None),
            ("Gateway’s Identity", "@vpn.example.com"),
            *PAGES,
        ],
        {
            "right": "vpn.example.com",
            "ikev2": "insist",
            "authby": "secret",
            "leftid": "@client.example.com",
            "rightid": "@vpn.example.com",
            "pskvalue-flags": "1",
        },
    ),
    "Certificate": (
        [
            ("Certificate File", "/home/tester/alice.p12"),
            ("Choose Certificate File", None),
            ("Passphrase", "secret four"),
            (SHOW, None),
            ("Passphrase: Stored for you alone", None),
            ("Private Key File", None),
            ("Choose Private Key File", None),
            ("CA Certificate File", None),
            ("Choose CA Certificate File", None),
            ("Your Identity", None),
            ("Gateway’s Identity", "@vpn.example.com"),
            ("Gateway’s CA", None),
            ("Certificate Name in Database", None),
            *PAGES,
        ],
        {
            "right": "vpn.example.com",
            "ikev2": "insist",
            "cert": "/home/tester/alice.p12",
            "rightid": "@vpn.example.com",
            "cert-pass-flags": "1",
        },
    ),
}


def scenario():
    Agent()
    settings = Settings()
    walk_ = Walk()
    for kind, (stops, wanted) in KINDS.items():
        before = set(profiles())
        say("— %s" % kind)
        editor = open_editor(settings, walk_)
        if kind != "Password, group":
            walk_.next(editor, "Gateway", "vpn.example.com")
            walk_.next(editor, "Sign In With")
            at = walk_.ear.focused
            key("space")
            wait("the list is open", lambda: walk_.moved_from(at))
            key("Home", *["Down"] * (1 if kind == "Certificate" else 2), "Return")
            wait("the list is closed", lambda: walk_.hears("Sign In With"))
            wait("the kind is said", lambda: row_says(editor, "Sign In With", kind))
        for name, text in stops:
            walk_.next(editor, name, text)
        expect("controls without a name", unnamed(editor), [])
        save(editor)
        name = wait("the profile is there", lambda: set(profiles()) - before).pop().rsplit(":", 1)[0]
        wait("all of it is stored", lambda: "right" in vpn(name))
        got = {key_: value for key_, value in vpn(name).items() if not key_.endswith(("password", "value", "pass"))}
        expect("what it has", got, wanted)


def open_editor(settings, walk_):
    """Opens the editor of a new VPN by keyboard."""
    plus = one(settings.windows()[0], "button", lambda said: said in ("Add VPN", "Add connection"))
    plus.act()
    window = wait("its window", lambda: len(settings.windows()) > 1 and settings.window())
    give_keyboard(window)
    walk_.until(KIND, "Tab")
    key("Return")
    window = wait("the editor", lambda: find(settings.window(), "page tab list") and settings.window())
    if not find(window, "text", named("Gateway")):
        one(window, "page tab", "Identity").select()
    entry(window, "Gateway")
    if is_old(window):
        # Without a window manager GNOME 43 takes no key in its second window before it was clicked.
        click(one(window, "text", "Name"))
    else:
        give_keyboard(window)
        walk_.until("Name", "Tab")
    return window
