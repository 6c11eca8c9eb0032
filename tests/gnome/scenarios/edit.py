"""GNOME Settings: a profile is opened, each of its pages is, and what is changed there is stored."""

from settings import *

DATA = (
    "right=vpn.example.com,leftusername=alice,leftid=@[team],rightsubnets=10.20.0.0/24 10.30.0.0/16,"
    "phase2alg=aes256-sha2_256,dpdaction=hold,nm-of-tomorrow=7,xauthpassword-flags=1,pskvalue-flags=1"
)


def page(settings, editor, title, heading):
    """Opens a page that is behind a row of the first."""
    click(row(editor, title))
    window = settings.window(title)
    one(window, "label", heading)
    expect("controls without a name", unnamed(window), [])
    shot("page-" + title.lower())
    return window


def close(settings, window, title):
    key("Escape")
    wait("the page is closed", lambda: settings.window().name() != title)


def scenario():
    make_profile("office", DATA)
    settings = Settings()
    editor = settings.edit_vpn()
    expect("the gateway", entry(editor, "Gateway").text(), "vpn.example.com")
    expect("the group", entry(editor, "Group Name").text(), "@[team]")
    wait(
        "what is on no page is counted",
        lambda: "2 further settings are kept as they are; nmcli shows them." in labels(editor),
    )
    wait("the networks are in the row", lambda: any(s.startswith("Only 10.20.0.0/24 and 1 more") for s in labels(editor)))
    expect("whether it can be applied", is_sensitive(save_button(editor)), False)

    window = page(settings, editor, "Network", "Traffic")
    expect("the networks", entry(window, "Networks Behind the Gateway").text(), "10.20.0.0/24 10.30.0.0/16")
    write(entry(window, "Networks Behind the Gateway"), "10.40.0.0/16")
    write(entry(window, "Packet Size (MTU)"), "1300")
    close(settings, window, "Network")

    window = page(settings, editor, "Security", "Protocol")
    expect("the algorithms", entry(window, "Tunnel Algorithms (ESP)").text(), "aes256-sha2_256")
    write(entry(window, "Tunnel Algorithms (ESP)"), "aes256-sha1")
    click(row(window, "Perfect Forward Secrecy"))
    wait(
        "the row about security says so",
        lambda: "IKEv1, aggressive mode, algorithms of your choice, no perfect forward secrecy" in labels(editor),
    )
    close(settings, window, "Security")

    window = page(settings, editor, "Connection", "Gateway That Falls Silent")
    write(entry(window, "Try to Reconnect For"), "10m")
    close(settings, window, "Connection")
    shot("changed")

    save(editor)
    wait("the new size is stored", lambda: vpn("office").get("mtu") == "1300")
    expect(
        "what it has",
        vpn("office"),
        {
            "right": "vpn.example.com",
            "leftusername": "alice",
            "leftid": "@[team]",
            "rightsubnet": "10.40.0.0/16",
            "phase2alg": "aes256-sha1",
            "dpdaction": "hold",
            "nm-of-tomorrow": "7",
            "mtu": "1300",
            "pfs": "no",
            "nm-recovery-timeout": "10m",
            "xauthpassword-flags": "1",
            "pskvalue-flags": "1",
        },
    )
