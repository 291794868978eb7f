// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Picture.h"

#include "StartOptions.h"

#include <console/frame/Frame.h>
#include <console/screens/ConsoleWindow.h>
#include <console/screens/devices/DetailsPane.h>
#include <console/screens/devices/DevicesScreen.h>
#include <console/session/ServerConnection.h>

#include <QApplication>
#include <QPixmap>
#include <QTimer>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

Picture::Picture(ConsoleWindow& window, ServerConnection& server, const StartOptions& options)
    : QObject(&window)
    , m_window(window)
    , m_file(options.picture)
    , m_screen(options.screen)
    , m_device(options.device)
{
    window.resize(options.size);
    connect(&server, &ServerConnection::sessionEnded, this, [this] { giveUp(u"The server does not accept the token: log in again."_s); });
    QTimer::singleShot(30s, this, [this] { giveUp(u"The screen was not ready within 30 s: is the server running?"_s); });
    if (m_screen == "login"_L1)
        shootSoon();
    else
        connect(&window, &ConsoleWindow::frameShown, this, &Picture::compose);
}

void Picture::compose()
{
    if (m_screen == "agents"_L1) {
        m_window.frame()->go(u"agents"_s);
        shootSoon();
        return;
    }
    auto* devices = qobject_cast<DevicesScreen*>(m_window.frame()->screen(u"devices"_s));
    if (!devices) {
        giveUp(u"This user may not see devices: use another one."_s);
        return;
    }
    connect(devices, &DevicesScreen::ready, this, [this] {
        if (!std::exchange(m_isComposed, true))
            composeDevices();
    });
}

void Picture::composeDevices()
{
    if (m_screen == "devices"_L1) {
        shootSoon();
        return;
    }
    auto* devices = qobject_cast<DevicesScreen*>(m_window.frame()->screen(u"devices"_s));
    int row = 0;
    if (!m_device.isEmpty()) {
        row = devices->rowOf(m_device);
        if (row < 0) {
            giveUp(u"There is no device '%1' among those shown: give a model or serial number."_s.arg(m_device));
            return;
        }
    }
    auto* pane = devices->findChild<DetailsPane*>();
    connect(pane, &DetailsPane::historyShown, this, &Picture::shootSoon, Qt::SingleShotConnection);
    devices->showRow(row, m_screen == "device"_L1);
}

// After the counts and layouts of this moment have settled.
void Picture::shootSoon()
{
    QTimer::singleShot(600ms, this, [this] {
        if (m_window.grab().save(m_file))
            QApplication::exit(0);
        else
            giveUp(u"%1 could not be written: check the folder and the file's ending (.png)."_s.arg(m_file));
    });
}

void Picture::giveUp(const QString& sentence)
{
    std::fprintf(stderr, "platen-console: %s\n", qUtf8Printable(sentence));
    QApplication::exit(1);
}

} // namespace platen::console
