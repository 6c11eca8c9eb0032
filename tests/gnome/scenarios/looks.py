"""GNOME Settings: pictures of each page as it is for different people; nothing is beside its window."""

from settings import *

DATA = (
    "right=vpn.example.com,leftusername=alice,leftid=@[team],rightsubnets=10.20.0.0/24 10.30.0.0/16,"
    "dpdaction=hold,xauthpassword-flags=1,pskvalue-flags=1"
)

# What is otherwise than for most, and how wide the window is made, where it is.
VARIANTS = {
    "light": ({}, None),
    "dark": ({"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}, None),
    "contrast": ({"ADW_DEBUG_HIGH_CONTRAST": "1"}, None),
    "large": ({}, None),
    "narrow": ({}, 360),
    "german": ({"LANG": "de_DE.UTF-8"}, None),
    "hebrew": ({"LANG": "he_IL.UTF-8"}, None),
}

# What the row of the sign-in is called there.
SIGN_IN = {"german": "Anmelden mit", "hebrew": "כניסה באמצעות"}

# How high the window may be where nobody can change that.
HEIGHT_MAX = 700


def scenario():
    make_profile("office", DATA)
    for name, (environment, width) in VARIANTS.items():
        # As a desktop tells how large text is to be: by the X server's resources.
        dpi = 144 if name == "large" else 96
        run("xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", "Xft.dpi:\t%d\n" % dpi)
        settings = Settings(**environment)
        look(settings, name, width)
        settings.end()


def look(settings, name, width):
    editor = open_it(settings)
    if width and not is_old(editor):
        run("xdotool", "windowsize", "--sync", window_id(editor), str(width), "640")
    one(editor, "label", SIGN_IN.get(name, "Sign In With"))
    check_room(editor, name)
    shot(name, editor)
    for i, row_ in enumerate(page_rows(editor)):
        click(row_)
        window = wait("a page's window", lambda: settings.window().name() != editor.name() and settings.window())
        if width:
            run("xdotool", "windowsize", "--sync", window_id(window), str(width), "640")
        check_room(window, "%s-%d" % (name, i + 1))
        shot("%s-%d" % (name, i + 1), window)
        key("Escape")
        wait("the page is closed", lambda: settings.window().name() == editor.name())


def open_it(settings):
    """The editor of the one profile, in whatever language."""
    label = one(settings.window(), "label", "office")
    options = wait("the button of the VPN's options", lambda: nearest_button(label))
    options.act()
    editor = wait("the editor", lambda: len(settings.windows()) > 1 and settings.window())
    for tab_ in wait("its tabs", lambda: list(every(editor, "page tab"))):
        tab_.select()
        if any(node.text() == "vpn.example.com" for node in every(editor, "text")):
            return editor
    raise Missing("no page has the gateway")


def nearest_button(node):
    while node:
        buttons = list(every(node, "button"))
        if buttons:
            return buttons[0]
        node = node.parent()
    return None


def page_rows(editor):
    """The rows that open the other pages: those of lists that are no entry and have a second line."""
    rows = []
    for label in every(editor, "label"):
        node = label
        while node and node.role() not in (Role.LIST_ITEM, Role.COMBO_BOX, Role.TEXT, Role.ENTRY):
            node = node.parent()
        if node and node.role() == Role.LIST_ITEM and node.path not in [row_.path for row_ in rows] and node.description():
            rows.append(node)
    return rows[-3:]


def is_of_entry(node):
    while node and node.role() != Role.LIST_ITEM:
        node = node.parent()
    return node is not None and find(node, "text") is not None


def check_room(window, name):
    """Nothing is wider than its window. (An entry of libadwaita's cuts the labels in it itself.)"""
    left, _, width, height = window.extents()
    outside = []
    for node in walk(window, into=lambda node: node.role() not in ROLES["text"]):
        if node.role() not in (*ROLES["control"], *ROLES["label"], Role.LIST_ITEM):
            continue
        x, _, wide, _ = node.extents()
        if wide > 0 and (x < left - 1 or x + wide > left + width + 1) and not is_of_entry(node):
            outside.append(dump_line(node) + " %d+%d" % (x, wide))
    expect("%s: what is beside the window (%d x %d)" % (name, width, height), outside, [])
    if is_old(window):
        expect("%s: whether the window is higher than %d" % (name, HEIGHT_MAX), height > HEIGHT_MAX, False)
