"""GNOME Settings: its network panel, and the windows in which a VPN is added and edited; and the form
of nm-connection-editor."""

import os
import subprocess

from drive import *  # noqa: F401,F403

KIND = "IPsec VPN (IKEv1, IKEv2)"


class Settings(Program):
    def __init__(self, **environment):
        super().__init__("gnome-control-center", "gnome-control-center", "network", **environment)

    def add_vpn(self):
        """Opens the editor of a new VPN of our kind, and its page Identity."""
        plus = wait(
            "the button that adds a VPN",
            lambda: find(self.window(), "button", lambda name: name in ("Add VPN", "Add connection")),
        )
        plus.act()
        window = wait("its window", lambda: len(self.windows()) > 1 and self.window())
        click(row(window, KIND))
        return self.identity()

    def edit_vpn(self):
        """Opens the editor of the one VPN that there is."""
        options = wait(
            "the button of the VPN's options",
            lambda: next((b for b in every(self.window(), "button") if "ptions" in b.name() + b.description()), None),
        )
        options.act()
        return self.identity()

    def identity(self):
        # What is open beside it, such as a file chooser, has no tabs.
        editor = wait(
            "the editor", lambda: next((w for w in self.windows()[1:] if find(w, "page tab list")), None)
        )
        if not find(editor, "text", named("Gateway")):
            click(one(editor, "label", "Identity"))
        entry(editor, "Gateway")
        return editor


def save_button(editor):
    """Add, or Apply: GNOME 43 says the mnemonic too."""
    return one(editor, "button", lambda name: name.split()[-1:] in (["Add"], ["Apply"]))


def why_not(editor):
    """Why it cannot be saved: what the tooltip of the button says."""
    return save_button(editor).description()


def save(editor):
    button = save_button(editor)
    wait("%r can be pressed; %r" % (button.name(), button.description()), lambda: is_sensitive(button))
    button.act()


def make_profile(name, data):
    """A profile of this user's, as GNOME Settings makes them."""
    run("nmcli", "connection", "add", "type", "vpn", "con-name", name, "autoconnect", "no", "vpn-type", "libreswan", "vpn.data", data, "connection.permissions", "user:tester")


def profiles():
    return [line for line in run("nmcli", "-g", "name,type", "connection", "show").splitlines() if line.endswith(":vpn")]


def vpn(name):
    """vpn.data and vpn.secrets as a dictionary."""
    found = {}
    for field in ("vpn.data", "vpn.secrets"):
        said = run("nmcli", "--show-secrets", "-e", "no", "-g", field, "connection", "show", name).strip()
        for part in said.split(", ") if said else []:
            key_, _, value = part.partition(" = ")
            found[key_] = value
    return found


def choose(root, title, item):
    """Takes an item of a row's list by keyboard: with GTK 4 it has no action, and on what is shown
    over the window the mouse does not know where it is."""
    list_ = row(root, title)
    click(list_)
    wait("%s is offered" % item, lambda: item in labels(list_))
    items = [node for node in every(list_, "label") if (node.parent().parent() or node).role() == Role.LIST_ITEM]
    names = [node.name() for node in items]
    key("Home", *["Down"] * names.index(item), "Return")


def row_says(root, title, text):
    """Whether a screen reader says that of a row, after its title."""
    return text in row(root, title).description().splitlines()


def make_files(*paths):
    """Files that nobody reads: the editor has their names."""
    for path in paths:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").close()


def pick(chooser, path):
    """Has a file chooser open a file, by its path."""
    key("ctrl+l")
    location = one(chooser, "text")
    location.set_text(path)
    one(chooser, "button", lambda said: said.split()[-1:] == ["Open"]).act()


def in_keyring(name, secret):
    """The user's own secret of a profile."""
    uuid = run("nmcli", "-g", "connection.uuid", "connection", "show", name).strip()
    return run("secret-tool", "lookup", "connection-uuid", uuid, "setting-name", "vpn", "setting-key", secret, check=False)


def keep_in_keyring(name, secret, value):
    """As an agent of the user's has done it."""
    uuid = run("nmcli", "-g", "connection.uuid", "connection", "show", name).strip()
    subprocess.run(
        ["secret-tool", "store", "--label", "VPN secret", "connection-uuid", uuid, "setting-name", "vpn", "setting-key", secret],
        input=value, text=True, check=True, timeout=60,
    )


# nm-connection-editor


def tab(editor, name):
    """Turns to a page of a notebook."""
    page = one(editor, "page tab", name)
    page.select()
    wait("the page %s is shown" % name, lambda: page.has(State.SELECTED))


def edit_in_form(name):
    """Opens the form for GTK 3; returns its window and the program."""
    uuid = run("nmcli", "-g", "connection.uuid", "connection", "show", name).strip()
    program = Program("nm-connection-editor", "nm-connection-editor", "--edit", uuid)
    editor = program.window("Editing " + name)
    tab(editor, "VPN")
    return editor, program
