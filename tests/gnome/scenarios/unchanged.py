"""GNOME Settings: to open a profile, look at it and rename it changes nothing else of it."""

from settings import *

DATA = (
    "right=vpn.example.com,ikev2=propose,leftcert=joe,authby=secret,rightsubnet=10.20/16,pfs=TRUE,"
    "remote_peer_type=cisco,keyingtries=3,Domain=example.com,ike=aes256-sha1;modp2048"
)


def scenario():
    make_profile("office", DATA)
    before = vpn("office")
    settings = Settings()
    editor = settings.edit_vpn()
    for title in ("Network", "Security", "Connection"):
        click(row(editor, title))
        settings.window(title)
        key("Escape")
        wait("the page is closed", lambda: settings.window().name() != title)
    expect("whether it can be applied", is_sensitive(save_button(editor)), False)
    write(one(editor, "text", "Name"), "elsewhere")
    save(editor)
    wait("it has its new name", lambda: profiles() == ["elsewhere:vpn"])
    expect("what it has", vpn("elsewhere"), before)
