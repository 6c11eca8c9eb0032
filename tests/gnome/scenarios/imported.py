"""GNOME Settings: an ipsec.conf is imported, with what the editor does not know; a wrong file is not."""

from settings import *

GOOD = """conn office
\tright=vpn.example.com
\tleft=%defaultroute
\tleftmodecfgclient=yes
\tikev2=insist
\tauthby=secret
\tmodecfgpull=no
\tauto=add
"""

WRONG = "This is a letter, and no ipsec.conf.\n"


def choose_import(settings, path):
    plus = wait(
        "the button that adds a VPN",
        lambda: find(settings.window(), "button", lambda name: name in ("Add VPN", "Add connection")),
    )
    plus.act()
    window = wait("its window", lambda: len(settings.windows()) > 1 and settings.window())
    before = [w.path for w in settings.windows()]
    click(row(window, "Import from file…"))
    chooser = wait("the chooser", lambda: settings.window().path not in before and settings.window())
    give_keyboard(chooser)
    pick(chooser, path)


def scenario():
    os.makedirs("/home/tester/vpn", exist_ok=True)
    for name, text in (("office.conf", GOOD), ("letter.conf", WRONG)):
        with open("/home/tester/vpn/" + name, "w") as file:
            file.write(text)
    settings = Settings()
    choose_import(settings, "/home/tester/vpn/office.conf")
    editor = settings.identity()
    expect("the gateway", entry(editor, "Gateway").text(), "vpn.example.com")
    wait("what is on no page is counted", lambda: any("kept" in said for said in labels(editor)))
    shot("imported")
    save(editor)
    wait("the profile is there", profiles)
    got = wait("all of it is stored", lambda: vpn("office") if "right" in vpn("office") else None)
    wanted = {"right": "vpn.example.com", "ikev2": "insist", "authby": "secret", "modecfgpull": "no"}
    expect("what it has", {key_: got.get(key_) for key_ in wanted}, wanted)
    settings.end()

    settings = Settings()
    choose_import(settings, "/home/tester/vpn/letter.conf")
    wait(
        "it is said that it cannot be imported",
        lambda: "Cannot import VPN connection".lower() in " ".join(labels(settings.window())).lower(),
    )
    shot("wrong")
    save_trees("wrong")
    expect("the profiles", profiles(), ["office:vpn"])
