"""The tree of accessible widgets, asked over D-Bus: each question has a deadline. (libatspi 2.46 waits
for itself for ever when it is asked while it tells of a change.)"""

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

ACCESSIBLE = "org.a11y.atspi.Accessible"
ROOT = "/org/a11y/atspi/accessible/root"

# For one question, in milliseconds.
TIMEOUT = 10000

State, Role = Atspi.StateType, Atspi.Role


def connect():
    session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    address = session.call_sync(
        "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, TIMEOUT, None
    ).unpack()[0]
    flags = Gio.DBusConnectionFlags
    return Gio.DBusConnection.new_for_address_sync(
        address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None
    )


bus = connect()


class Node:
    def __init__(self, owner, path, version=None):
        self.owner, self.path = owner, path
        self.version = version or self.get("org.a11y.atspi.Application", "Version")

    def call(self, interface, method, arguments=None):
        return bus.call_sync(
            self.owner, self.path, interface, method, arguments, None, Gio.DBusCallFlags.NO_AUTO_START, TIMEOUT, None
        ).unpack()

    def get(self, interface, name):
        arguments = GLib.Variant("(ss)", (interface, name))
        return self.call("org.freedesktop.DBus.Properties", "Get", arguments)[0]

    def children(self):
        return [Node(owner, path, self.version) for owner, path in self.call(ACCESSIBLE, "GetChildren")[0]]

    def parent(self):
        """None for a window: above it there is only the program."""
        owner, path = self.get(ACCESSIBLE, "Parent")
        if owner != self.owner or path in (ROOT, "/org/a11y/atspi/null"):
            return None
        return Node(owner, path, self.version)

    def name(self):
        return self.get(ACCESSIBLE, "Name")

    def description(self):
        return self.get(ACCESSIBLE, "Description")

    def role(self):
        try:
            return Role(self.call(ACCESSIBLE, "GetRole")[0])
        except ValueError:
            return Role.UNKNOWN  # one that this libatspi has no name for

    def has(self, *states):
        """Whether it has one of these states."""
        low, high = self.call(ACCESSIBLE, "GetState")[0]
        return any((low | high << 32) >> int(state) & 1 for state in states)

    def extents(self):
        """x, y, width and height within its window."""
        arguments = GLib.Variant("(u)", (int(Atspi.CoordType.WINDOW),))
        return self.call("org.a11y.atspi.Component", "GetExtents", arguments)[0]

    def text(self):
        text = "org.a11y.atspi.Text"
        arguments = GLib.Variant("(ii)", (0, self.get(text, "CharacterCount")))
        return self.call(text, "GetText", arguments)[0]

    def set_text(self, text):
        self.call("org.a11y.atspi.EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))

    def act(self):
        """Presses a button, toggles a switch."""
        self.call("org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (0,)))

    def select(self):
        """Turns to it, a page of a notebook."""
        place = self.call(ACCESSIBLE, "GetIndexInParent")[0]
        self.parent().call("org.a11y.atspi.Selection", "SelectChild", GLib.Variant("(i)", (place,)))


def programs():
    """The root of each program that is there."""
    registry = Node("org.a11y.atspi.Registry", ROOT, "-")
    return [(owner, path) for owner, path in registry.call(ACCESSIBLE, "GetChildren")[0]]


class Listener:
    """What a screen reader hears: where the keyboard is now, and what is read at once."""

    def __init__(self):
        self.focused = None
        self.announced = []
        registry = Node("org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "-")
        for event in ("object:state-changed:focused", "object:announcement"):
            registry.call("org.a11y.atspi.Registry", "RegisterEvent", GLib.Variant("(sass)", (event, [], "")))
        bus.signal_subscribe(
            None, "org.a11y.atspi.Event.Object", None, None, None, Gio.DBusSignalFlags.NONE, self.on_event
        )

    def on_event(self, connection, sender, path, interface, signal, parameters):
        what, detail = parameters.unpack()[:2]
        if signal == "StateChanged" and what == "focused" and detail:
            self.focused = (sender, path)
        elif signal == "Announcement":
            self.announced.append(parameters.unpack()[3])

    def listen(self):
        """Takes what has come meanwhile."""
        while GLib.MainContext.default().iteration(False):
            pass

    def at(self):
        """Where the keyboard is, None while nobody has said."""
        self.listen()
        if not self.focused:
            return None
        owner, path = self.focused
        return Node(owner, path, Node(owner, ROOT).version)
