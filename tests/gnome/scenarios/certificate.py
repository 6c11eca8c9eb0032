"""GNOME Settings: a VPN with a PKCS#12 file is added; the file is chosen in a file chooser."""

from settings import *

FILE = "/home/tester/vpn/alice.p12"


def scenario():
    make_files(FILE, "/home/tester/vpn/letter.txt")
    Agent()
    settings = Settings()
    editor = settings.add_vpn()
    write(entry(editor, "Gateway"), "vpn.example.com")
    choose(editor, "Sign In With", "Certificate")
    path = entry(editor, "Certificate File")
    wait("Add says what is missing", lambda: why_not(editor).endswith("Choose the file with your certificate."))
    shot("empty")
    write(path, "/home/tester/vpn/")
    click(one(editor, "button", "Choose Certificate File"))
    chooser = settings.window("Choose Certificate File")
    if not is_old(chooser):  # whose list does not tell what is in it
        wait("it shows the folder of what was there", lambda: "alice.p12" in labels(chooser))
        expect("whether it offers the letter", "letter.txt" in labels(chooser), False)
    shot("chooser")
    pick(chooser, FILE)
    wait("the path is there", lambda: path.text() == FILE)
    wait("the chooser is gone", lambda: settings.window().name() != "Choose Certificate File")
    expect("who the file is for", entry(editor, "Your Identity").name(), "Your Identity: Automatic (as in the certificate)")
    write(entry(editor, "Passphrase"), "the file's secret")
    wait("the row about security says so", lambda: "IKEv2" in labels(editor))
    shot("filled", editor)
    save_trees("filled")
    save(editor)
    wait("the profile is there", profiles)
    name = profiles()[0].rsplit(":", 1)[0]
    got = wait("all of it is stored", lambda: vpn(name) if "cert" in vpn(name) else None)
    expect(
        "what it has",
        {key_: value for key_, value in got.items() if key_ != "cert-pass"},
        {"right": "vpn.example.com", "ikev2": "insist", "cert": FILE, "cert-pass-flags": "1"},
    )
    wait("the passphrase is in the keyring", lambda: in_keyring(name, "cert-pass") == "the file's secret")
