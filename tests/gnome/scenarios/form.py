"""nm-connection-editor: the form for GTK 3 shows a profile, and stores what is changed."""

from settings import *

DATA = "right=vpn.example.com,leftusername=alice,leftid=@[team],dpdaction=hold,xauthpassword-flags=1,pskvalue-flags=1"


def scenario():
    make_profile("office", DATA)
    editor, _ = edit_in_form("office")
    gateway = one(editor, "text", "Gateway")
    expect("the gateway", gateway.text(), "vpn.example.com")
    expect("the group", one(editor, "text", "Group Name").text(), "@[team]")
    shot("form", editor)
    save_trees("form")
    write(gateway, "gw.example.com")

    tab(editor, "Network")
    size = one(editor, "text", "Packet Size (MTU)")
    button = one(editor, "button", "Save")
    write(size, "many")
    wait("it cannot be saved", lambda: not is_sensitive(button))
    shot("form-network")
    write(size, "1300")
    wait("it can be saved", lambda: is_sensitive(button))
    tab(editor, "Security")
    shot("form-security")
    one(editor, "check box", "Perfect Forward Secrecy").act()
    button.act()
    wait("the new size is stored", lambda: vpn("office").get("mtu") == "1300")
    expect(
        "what it has",
        vpn("office"),
        {
            "right": "gw.example.com",
            "leftusername": "alice",
            "leftid": "@[team]",
            "dpdaction": "hold",
            "mtu": "1300",
            "pfs": "no",
            "xauthpassword-flags": "1",
            "pskvalue-flags": "1",
        },
    )
