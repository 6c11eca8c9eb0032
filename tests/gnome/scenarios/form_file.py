"""nm-connection-editor: another PKCS#12 file is chosen in a file chooser, and its path is stored."""

from settings import *

OLD, NEW = "/home/tester/vpn/old.p12", "/home/tester/vpn/new.p12"


def scenario():
    make_files(OLD, NEW)
    make_profile("office", "right=vpn.example.com,ikev2=insist,cert=%s,cert-pass-flags=2" % OLD)
    editor, program = edit_in_form("office")
    path = one(editor, "text", "Certificate File")
    expect("the file", path.text(), OLD)
    shot("before")
    one(editor, "button", "Choose Certificate File").act()
    chooser = program.window("Choose Certificate File")
    shot("chooser")
    save_trees("chooser")
    pick(chooser, NEW)
    wait("the path is there", lambda: path.text() == NEW)
    shot("after")
    one(editor, "button", "Save").act()
    wait("it is stored", lambda: vpn("office").get("cert") == NEW)
    expect(
        "what it has",
        vpn("office"),
        {"right": "vpn.example.com", "ikev2": "insist", "cert": NEW, "cert-pass-flags": "2"},
    )
