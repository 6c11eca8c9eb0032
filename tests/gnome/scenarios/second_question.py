"""nmcli --ask and nm-applet: a code is asked for beside a stored password, and takes its place nowhere."""

import os
import pty
import select

from settings import *

DATA = "right=vpn.example.com,leftusername=alice,xauthpassword-flags=1,pskvalue-flags=4,xauthcode-flags=2"
QUESTION = "The gateway of “office” says: “Next code?”"


def scenario():
    run("nmcli", "device", "set", "uplink0", "managed", "yes")
    run("nmcli", "connection", "add", "type", "ethernet", "con-name", "base", "ifname", "uplink0",
        "ip4", "192.0.2.2/24", "gw4", "192.0.2.1", "ipv6.method", "disabled")
    run("nmcli", "connection", "up", "base")
    make_profile("office", DATA)
    keep_in_keyring("office", "xauthpassword", "stored")

    # nmcli takes no answer of the keyring's, and asks for the password too.
    terminal = Terminal("nmcli", "--ask", "connection", "up", "office")
    terminal.answer("(vpn.secrets.xauthpassword)", "typed")
    terminal.answer("(vpn.secrets.xauthcode)", "111111")
    terminal.finish()
    expect("whether it shows the gateway's words", QUESTION in terminal.said, True)
    expect("what the service gets", secrets_of("ConnectInteractive"), {"xauthpassword": "typed"})
    expect("the code", secrets_of("NewSecrets").get("xauthcode"), "111111")
    expect_nothing_stored()

    # nm-applet gives the stored password by itself, and the keyring does not answer for a code.
    os.rename("/out/service.log", "/out/service-nmcli.log")
    Agent()
    activate("office")
    window = wait("the question", question_of_applet)
    expect("whether it shows the gateway's words", QUESTION in labels(window), True)
    shot("question")
    write(find(window, "text"), "222222")
    one(window, "button", lambda said: said in ("OK", "Connect")).act()
    wait("the answer has come", lambda: "NewSecrets" in calls())
    expect("what the service gets", secrets_of("ConnectInteractive"), {"xauthpassword": "stored"})
    expect("the code", secrets_of("NewSecrets").get("xauthcode"), "222222")
    wait("it has ended", lambda: not active("office"))
    expect_nothing_stored()


def question_of_applet():
    applet = find_program("nm-applet")
    return applet and next((w for w in applet.children() if find(w, "text")), None)


def expect_nothing_stored():
    expect("the password in the keyring", in_keyring("office", "xauthpassword"), "stored")
    expect("a code in the keyring", in_keyring("office", "xauthcode"), "")
    expect("a code in the profile", vpn("office").get("xauthcode"), None)


def calls():
    try:
        with open("/out/service.log") as log:
            return [line.split()[0] for line in log]
    except FileNotFoundError:
        return []


def secrets_of(call):
    """What came with the last of these calls."""
    with open("/out/service.log") as log:
        words = [line.split() for line in log if line.split()[0] == call][-1][1:]
    return dict(word.split("=", 1) for word in words)


def active(name):
    return name in run("nmcli", "-g", "name", "connection", "show", "--active").splitlines()


def activate(name):
    """As a program that is no secret agent, which nmcli would be."""
    lines = run("nmcli", "-g", "name,dbus-path", "connection", "show").splitlines()
    path = next(line.partition(":")[2] for line in lines if line.startswith(name + ":"))
    run("gdbus", "call", "--system", "--dest", "org.freedesktop.NetworkManager", "--object-path",
        "/org/freedesktop/NetworkManager", "--method",
        "org.freedesktop.NetworkManager.ActivateConnection", path, "/", "/")


class Terminal:
    """A program with a terminal, and what it has said there."""

    def __init__(self, *command):
        self.said = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)

    def _read(self):
        """Whether there was something."""
        if not select.select([self.fd], [], [], 0.05)[0]:
            return False
        try:
            piece = os.read(self.fd, 4096)
        except OSError:
            piece = b""  # it has ended
        self.said += piece.decode(errors="replace")
        return bool(piece)

    def answer(self, question, text):
        def is_asked():
            self._read()
            return question in self.said

        wait("the question %r" % question, is_asked)
        os.write(self.fd, text.encode() + b"\n")

    def finish(self):
        def has_ended():
            self._read()
            return os.waitpid(self.pid, os.WNOHANG)[0] == self.pid

        wait("the end of the program", has_ended)
        while self._read():
            pass
        print(self.said)
