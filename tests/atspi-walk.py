#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The DynoAI authors
"""Walks the window through the eyes of a screen reader: every widget that takes the
focus has a name, and the name is no class; the main task of the page Live goes by
accessible actions alone. atspi-walk.py PROGRAM, under run-ui.sh. Prints TAP."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings

try:
    import gi
    gi.require_version('Atspi', '2.0')
    from gi.repository import Atspi
except (ImportError, ValueError):
    print('1..0 # SKIP the bindings of AT-SPI for Python are not installed')
    sys.exit(0)

warnings.simplefilter('ignore', DeprecationWarning)
CLASS = re.compile(r'^(Gtk|Adw|Dyno|Gdk|G)[A-Z][A-Za-z]+$')
number = 0
failures = 0


def point(name, complaints):
    global number, failures
    number += 1
    failures += bool(complaints)
    print(f'{"not ok" if complaints else "ok"} {number} {name}', flush=True)
    for complaint in complaints:
        print(f'# {complaint}', flush=True)


def children(node):
    try:
        return [node.get_child_at_index(i) for i in range(node.get_child_count())]
    except Exception:
        return []  # it went away while it was looked at


def walk(node):
    for child in children(node):
        if child is not None:
            yield child
            yield from walk(child)


def has(node, *states):
    found = node.get_state_set()
    return all(found.contains(state) for state in states)


def is_visible(node):
    while node is not None and node.get_role() != Atspi.Role.APPLICATION:
        if not has(node, Atspi.StateType.VISIBLE):
            return False
        node = node.get_parent()
    return True


def place(node):
    names = []
    while node is not None and node.get_role() != Atspi.Role.APPLICATION:
        names.append(node.get_name() or node.get_role_name())
        node = node.get_parent()
    return ' < '.join(names[:5])


def nameless(root):
    complaints = []
    for node in walk(root):
        try:
            if not has(node, Atspi.StateType.FOCUSABLE) or not is_visible(node):
                continue
            name = node.get_name()
            # Containers that only pass the focus on are no stop of it; and GTK 4.8 has no
            # way to name the rows inside a drop-down.
            if node.get_role() in (Atspi.Role.SCROLL_PANE, Atspi.Role.VIEWPORT) \
                    or (node.get_role() == Atspi.Role.FILLER and name == 'GtkListItemWidget'):
                continue
            half = len(name) // 2
            is_double = name[:half] == name[half + 1:] and name[half:half + 1] == ' '
            if not name or CLASS.match(name) or is_double or '_' in name:
                complaints.append(f'{node.get_role_name()} "{name}" in {place(node)}')
        except Exception:
            continue
    return complaints


def find(root, name, role=None):
    for node in walk(root):
        try:
            if node.get_name() == name and (role is None or node.get_role() == role) \
                    and is_visible(node):
                return node
        except Exception:
            continue
    return None


def wait(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.1)
    return None


def act(node):
    action = node.get_action_iface()
    if action is None or action.get_n_actions() == 0:
        return False
    action.do_action(0)
    time.sleep(0.5)
    return True


def press(root, name):
    def button():
        return next((node for node in walk(root) if node.get_role() == Atspi.Role.PUSH_BUTTON
                     and (node.get_name() or '').startswith(name) and is_visible(node)
                     and has(node, Atspi.StateType.FOCUSABLE)), None)

    node = wait(button, 5)
    return node is not None and act(node)


def control(key):
    Atspi.generate_keyboard_event(37, None, Atspi.KeySynthType.PRESS)
    Atspi.generate_keyboard_event(ord(key), None, Atspi.KeySynthType.SYM)
    Atspi.generate_keyboard_event(37, None, Atspi.KeySynthType.RELEASE)
    time.sleep(0.5)


def state_word(root):
    words = ('NO DYNO', 'CONNECTING', 'LIVE', 'ARMED', 'RECORDING', 'SAVING', 'SAVED', 'LINK LOST')
    return next((word for word in words if find(root, word)), '')


def application(name):
    desktop = Atspi.get_desktop(0)
    return next((node for node in children(desktop) if node and node.get_name() == name), None)


def main():
    folder = tempfile.mkdtemp()
    environment = dict(os.environ, JETDRIVE_MCAST_GROUP='239.255.77.11', JETDRIVE_IFACE='lo',
                       JETDRIVE_PORT=str(20000 + os.getpid() % 20000))
    environment.pop('GTK_A11Y', None)
    program = subprocess.Popen([sys.argv[1], f'--data-dir={folder}'], env=environment)
    try:
        Atspi.init()
        root = wait(lambda: application('DynoAI') or application(os.path.basename(sys.argv[1])), 20)
        point('the program is seen', [] if root else ['no application on the bus'])
        if not root:
            return
        point('no dyno: the word', [] if wait(lambda: state_word(root) == 'NO DYNO', 10)
              else [f'the word is "{state_word(root)}"'])
        point('no dyno: names', nameless(root))
        point('the simulator by an action', [] if press(root, 'Use Simulator') else ['no button'])
        point('live: the word', [] if wait(lambda: state_word(root) == 'LIVE', 15)
              else [f'the word is "{state_word(root)}"'])
        point('live: names', nameless(root))
        point('live: a number is said',
              [] if wait(lambda: any(re.match(r'^[\d  ]+ rpm', node.get_description() or '')
                                     for node in walk(root)), 10) else ['no description has rpm'])
        for button, title in (('Channel Mapping', 'Channel Mapping'), ('Preflight', 'Preflight'),
                              ('Link:', 'Link')):
            point(f'{title}: opens', [] if press(root, button) else ['no button'])
            window = wait(lambda: next((frame for frame in children(root)
                                        if frame.get_name() == title), None), 5)
            point(f'{title}: names', nameless(window) if window else ['no window'])
            point(f'{title}: closes', [] if window and press(window, 'Close') else ['no button'])
        # GTK 4.8 gives list rows no action: the page by its key, as a person without eyes does.
        control('2')
        point('runs: names',
              nameless(root) if wait(lambda: find(root, 'Runs', Atspi.Role.FRAME), 5) else ['no page'])
        control(',')
        point('settings: names',
              nameless(root) if wait(lambda: find(root, 'Search settings'), 5) else ['no page'])
        program.terminate()
    finally:
        program.kill()
        program.wait()
        shutil.rmtree(folder, ignore_errors=True)
        print(f'1..{number}', flush=True)
    sys.exit(1 if failures else 0)


main()
