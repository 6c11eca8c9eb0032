"""A person at a program: what is there is found as a screen reader finds it, by role and name.
Everything waits for a condition, with a deadline."""

import os
import subprocess
import time

import tree
from tree import GLib, Node, Role, State

# A slow machine is no reason to fail.
SECONDS = 60

# GTK 4.8, 4.18 and 3 call the same widget otherwise.
ROLES = {
    "button": (Role.PUSH_BUTTON,),
    "text": (Role.TEXT, Role.ENTRY, Role.PASSWORD_TEXT),
    "label": (Role.LABEL,),
    "check box": (Role.CHECK_BOX, Role.TOGGLE_BUTTON),
    "page tab": (Role.PAGE_TAB,),
    "control": (
        Role.PUSH_BUTTON, Role.TOGGLE_BUTTON, Role.CHECK_BOX, Role.COMBO_BOX,
        Role.TEXT, Role.ENTRY, Role.PASSWORD_TEXT,
    ),
    "page tab list": (Role.PAGE_TAB_LIST,),
}

running = []


class Missing(Exception):
    pass


def say(text):
    print("%7.2f %s" % (time.monotonic() % 10000, text), flush=True)


def wait(what, condition, seconds=SECONDS):
    """Returns what condition() returns as soon as that is true."""
    end = time.monotonic() + seconds
    while True:
        try:
            result = condition()
        except GLib.Error:
            result = None  # what was asked has just gone
        if result:
            return result
        if time.monotonic() > end:
            raise Missing("not within %d s: %s" % (seconds, what))
        time.sleep(0.05)


def run(*command, check=True):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if check and done.returncode != 0:
        raise Missing("%s: %s" % (" ".join(command), done.stderr or done.stdout))
    return done.stdout


def expect(what, got, wanted):
    if got != wanted:
        raise Missing("%s: %r, and not %r" % (what, got, wanted))
    say("%s: %r" % (what, got))


# Programs


class Process:
    def __init__(self, name, *command, **environment):
        self.log = open("/out/%s.log" % name, "a")
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        running.append(self)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
        running.remove(self)


class Agent(Process):
    """nm-applet, which stores and gives secrets as GNOME Shell does."""

    def __init__(self):
        super().__init__("nm-applet", "nm-applet")
        wait("the agent is registered", lambda: "nm-applet/1000]: agent registered" in open("/out/NetworkManager.log").read())


class Program(Process):
    """A program and its windows."""

    def __init__(self, name, *command, **environment):
        super().__init__(name, *command, **environment)
        self.app = None
        self.app = wait("the program " + name, lambda: find_program(name))

    def windows(self):
        return self.app.children()

    def window(self, title=None):
        """The window of that title, or the one that was opened last."""

        def last():
            return next((w for w in reversed(self.windows()) if title in (None, w.name())), None)

        return wait("the window %s" % title, last)


def find_program(name):
    for owner, path in tree.programs():
        try:
            program = Node(owner, path)
            if program.name() == name:
                return program
        except GLib.Error:
            continue  # one that has ended
    return None


def end_programs():
    for process in list(running):
        process.end()


# The tree


def is_old(node):
    """GTK 4.8 says of windows alone that they are shown."""
    return node.version.startswith("4.8")


def walk(node, into=lambda node: True):
    """The nodes that are shown, from the top down; into: whether to look into a node."""
    try:
        if not is_old(node) and not node.has(State.SHOWING):
            return
        yield node
        children = node.children() if into(node) else []
    except GLib.Error:
        return
    for child in children:
        yield from walk(child, into)


def takes_room(node):
    """What is hidden has no size with GTK 4.8, whose states say nothing."""
    _, _, width, height = node.extents()
    return width > 0 and height > 0


def every(root, role, name=None):
    """name: all of it, or a function of it."""
    for node in walk(root):
        try:
            if node.role() not in ROLES[role]:
                continue
            said = node.name()
            if name is not None and not (name(said) if callable(name) else said == name):
                continue
            if takes_room(node):
                yield node
        except GLib.Error:
            continue


def find(root, role, name=None):
    return next(every(root, role, name), None)


def one(root, role, name=None):
    return wait("%s %r" % (role, name), lambda: find(root, role, name))


def named(title):
    """A name that is this title, or one of these: while it is empty, an entry says what is so then."""
    titles = (title,) if isinstance(title, str) else title
    return lambda name: any(name == title or name.startswith(title + ": ") for title in titles)


def entry(root, title):
    return one(root, "text", named(title))


def row(root, title):
    """The row of a list with that title; GTK 4.8 gives rows no name."""
    node = one(root, "label", title)
    while node and node.role() not in (Role.LIST_ITEM, Role.COMBO_BOX):
        node = node.parent()
    return node


def labels(root):
    return [node.name() for node in every(root, "label") if node.name()]


def is_sensitive(node):
    return node.has(State.SENSITIVE)


def is_invalid(node):
    # GTK 4.8 says it by the one, later ones by the other.
    return node.has(State.INVALID_ENTRY, State.INVALID)


# What a person does


def write(node, text):
    node.set_text(text)
    # Of a password GTK 4.18 tells the dots.
    wait("%r is entered" % text, lambda: node.text() in (text, "●" * len(text)))


def position(node):
    """Of its middle, on the screen: without a window manager every window is at its top left, behind
    the border of GTK's own frame, which the extents leave out."""
    border = 5 if is_old(node) else 12
    x, y, width, height = node.extents()
    return x + width // 2 + border, y + height // 2 + border


def reveal(node):
    """Turns the mouse's wheel until it is where what scrolls shows it."""
    panes = []
    above = node.parent()
    while above:
        if above.role() == Role.SCROLL_PANE:
            panes.insert(0, above)
        above = above.parent()

    def is_within():
        _, y, _, height = node.extents()
        for pane in panes:
            _, top, _, room = pane.extents()
            if top <= y and y + height <= top + room:
                continue
            point = position(pane)
            run("xdotool", "mousemove", str(point[0]), str(point[1]), "click", "4" if y < top else "5")
            time.sleep(0.2)
            return False
        return True

    wait("%r is shown" % node.name(), is_within)


def is_still(node):
    before = position(node)
    time.sleep(0.1)
    return position(node) == before


def click(node):
    """With the mouse: a row of a list has no action in GTK 4."""
    reveal(node)
    wait("%r stands still" % node.name(), lambda: is_still(node))
    x, y = position(node)
    run("xdotool", "mousemove", str(x), str(y), "click", "1")


def key(*keys):
    run("xdotool", "key", *keys)


def type_text(text):
    run("xdotool", "type", "--delay", "10", text)


# By keyboard, and by ear


def give_keyboard(window):
    """As a window manager does, which there is none of."""

    def has_it():
        run("xdotool", "windowfocus", window_id(window))
        return window.has(State.ACTIVE) or is_old(window)

    wait("%s has the keyboard" % window.name(), has_it)


def spoken(node):
    """What a screen reader calls it: its name, or of a row without one its title."""
    name = node.name()
    return name or next((said for said in labels(node)), "")


def unnamed(root):
    """The controls of which a screen reader could say no more than what kind they are."""
    return [
        dump_line(node)
        for node in every(root, "control")
        if not spoken(node) or spoken(node).startswith(("Gtk", "Adw"))
    ]


class Walk:
    """Goes from control to control with Tab, and hears where it is. With GTK 4.8 nothing is heard
    of an entry of libadwaita's; what is typed there is heard of the entry that it should be."""

    def __init__(self):
        self.ear = tree.Listener()

    def hears(self, name):
        node = self.ear.at()
        return node if node and spoken(node) == name else None

    def until(self, name, *keys, most=12):
        """Goes on until it hears of that control."""
        for _ in range(most):
            self.ear.listen()
            before = self.ear.focused
            key(*keys)
            node = wait("the keyboard is elsewhere", lambda: self.moved_from(before), 10)
            say("passes %r" % spoken(node))
            if self.hears(name):
                return
        raise Missing("%r is none of the next %d" % (name, most))

    def moved_from(self, before):
        node = self.ear.at()
        return node if self.ear.focused != before else None

    def next(self, root, name, text=None):
        """The next control has to be that one."""
        key("Tab")
        node = find(root, "text", named(name)) if is_old(root) else None
        if not node:
            try:
                node = wait("the next is %s" % (name,), lambda: self.hears_start(name), 10)
            except Missing:
                say("it is at %s" % dump_line(self.ear.at()))
                raise
        say("at %r: %r" % (spoken(node), node.description()))
        if text is None:
            return
        type_text(text)
        wait("%r is entered" % text, lambda: node.text() in (text, "●" * len(text)))

    def hears_start(self, name):
        node = self.ear.at()
        return node if node and named(name)(spoken(node)) else None


# What is kept


def shot(name, window=None):
    """A picture of the screen, or of one window, as soon as nothing moves any more; a caret that
    blinks may."""
    place = "root" if window is None else window_id(window)
    run("xdotool", "mousemove", "1279", "999")  # off what has a tooltip
    path, before = "/out/%s.png" % name, None
    end = time.monotonic() + 5
    while time.monotonic() < end:
        run("import", "-window", place, path, check=False)
        now = run("identify", "-format", "%#", path, check=False)
        if now and now == before:
            return
        before = now
        time.sleep(0.2)


def window_id(window):
    """The X server's name for a window: the last of that title."""
    return str(max(int(said) for said in run("xdotool", "search", "--onlyvisible", "--name", "^%s$" % window.name()).split()))


def dump(node, out, depth=0):
    try:
        line = "%s%s %r %r" % ("  " * depth, node.role().value_nick, node.name(), node.description())
        if node.role() in ROLES["text"]:
            line += " = %r" % node.text()
        print(line, file=out)
        for child in node.children():
            dump(child, out, depth + 1)
    except GLib.Error as error:
        print("  " * depth + "!! %s" % error, file=out)


def dump_line(node):
    return "%s %r %r" % (node.role().value_nick, node.name(), node.description())


def save_trees(name):
    with open("/out/%s.tree" % name, "w") as out:
        for program in running:
            for window in program.windows()[-1:] if getattr(program, "app", None) else []:
                dump(window, out)
