// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ending.h"

#include <QObject>
#include <QSocketNotifier>

#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace platen {

namespace {

int wakeUp[2] = {-1, -1}; // a signal handler may use nothing but a descriptor

constexpr char stopByte = 1, hangUpByte = 2;

void say(char byte)
{
    [[maybe_unused]] const auto written = ::write(wakeUp[0], &byte, 1);
}

void noted(int number)
{
    static volatile std::sig_atomic_t asked = 0;
    if (asked)
        _exit(128 + number);
    asked = 1;
    say(stopByte);
}

void hungUp(int) { say(hangUpByte); }

void listenFor(int number, void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(number, &action, nullptr);
}

} // namespace

void stopOnSignals(QObject* context, std::function<void()> stop, std::function<void()> hangUp)
{
    std::signal(SIGPIPE, SIG_IGN);
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, wakeUp) != 0)
        return;
    const bool canHangUp = bool(hangUp);
    auto* notifier = new QSocketNotifier(wakeUp[1], QSocketNotifier::Read, context);
    QObject::connect(notifier, &QSocketNotifier::activated, context, [notifier, stop = std::move(stop), hangUp = std::move(hangUp)] {
        char byte = 0;
        if (::read(wakeUp[1], &byte, 1) != 1)
            return;
        if (byte == hangUpByte)
            return hangUp();
        notifier->setEnabled(false);
        stop();
    });
    for (const int number : {SIGINT, SIGTERM})
        listenFor(number, noted);
    listenFor(SIGHUP, canHangUp ? hungUp : noted);
}

} // namespace platen
