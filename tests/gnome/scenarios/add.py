"""GNOME Settings: a VPN with a user's password and a group's secret is added."""

from settings import *


def scenario():
    Agent()
    editor = Settings().add_vpn()
    shot("empty")
    write(entry(editor, "Gateway"), "vpn.example.com")
    write(entry(editor, "User Name"), "alice")
    write(entry(editor, "Password"), "a user's secret")
    write(entry(editor, "Group Name"), "@[team]")
    write(entry(editor, "Group Secret"), "the group's secret")
    wait("the row about security says so", lambda: "IKEv1, aggressive mode" in labels(editor))
    shot("filled", editor)
    save_trees("filled")
    save(editor)
    wait("the profile is there", profiles)
    name = profiles()[0].rsplit(":", 1)[0]
    got = wait("all of it is stored", lambda: vpn(name) if "leftusername" in vpn(name) else None)
    expect(
        "what it has",
        {key_: value for key_, value in got.items() if not key_.endswith(("password", "value"))},
        {
            "right": "vpn.example.com",
            "leftusername": "alice",
            "leftid": "@[team]",
            "xauthpassword-flags": "1",
            "pskvalue-flags": "1",
        },
    )
    expect(
        "the user that it belongs to",
        run("nmcli", "-g", "connection.permissions", "connection", "show", name).strip().replace("\\", ""),
        "user:tester",
    )
    # The user's own secrets are in the user's keyring alone.
    for key_, secret in (("xauthpassword", "a user's secret"), ("pskvalue", "the group's secret")):
        wait("%s is in the keyring" % key_, lambda: in_keyring(name, key_) == secret)
