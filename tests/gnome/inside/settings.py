"""GNOME Settings: its network panel, and the windows in which a VPN is added and edited."""

from drive import *  # noqa: F401,F403

KIND = "IPsec based VPN"


class Settings(Program):
    def __init__(self):
        super().__init__("gnome-control-center", "gnome-control-center", "network")

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
        editor = wait("the editor", lambda: len(self.windows()) > 1 and self.window())
        one(editor, "page tab list")
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
