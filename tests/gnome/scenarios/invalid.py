"""GNOME Settings: what is wrong is said beside the entry once that is left, and by the Add button."""

from settings import *

MISSING = "Enter the gateway’s name or address."
WRONG = "Gateway: “vpn exam” cannot be used; allowed is an IP address or a host name."


def scenario():
    settings = Settings()
    ear = tree.Listener()
    editor = settings.add_vpn()
    gateway = entry(editor, "Gateway")
    add = save_button(editor)
    wait("Add says what is missing", lambda: why_not(editor).endswith(MISSING))
    expect("whether Add can be pressed", is_sensitive(add), False)
    expect("whether the untouched entry is marked", is_invalid(gateway), False)

    # Nobody is interrupted while typing.
    click(gateway)
    type_text("vpn exam")
    wait("Add says what is wrong", lambda: why_not(editor).endswith(WRONG))
    expect("whether the entry is marked before it is left", is_invalid(gateway), False)
    expect("whether anything is said of it before", WRONG in labels(editor), False)
    key("Tab")
    wait("it is said below the entry", lambda: WRONG in labels(editor))
    # What screen readers read at once: with GTK 4.8 because of its role.
    if is_old(editor):
        above = one(editor, "label", WRONG).parent()
        expect("whether it is read at once", above.role() in (Role.ALERT, Role.NOTIFICATION), True)
    else:
        wait("it is read at once", lambda: ear.listen() or WRONG in ear.announced)
    wait("the entry is marked", lambda: is_invalid(gateway))
    expect("what a screen reader says of it", gateway.description(), WRONG)
    shot("marked")

    write(gateway, "vpn.example.com")
    wait("the mark is gone", lambda: not is_invalid(gateway))
    wait("so is what was said", lambda: WRONG not in labels(editor))
    wait("Add can be pressed", lambda: is_sensitive(add))
