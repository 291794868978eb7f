// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSize>

namespace platen::console {

class ConsoleWindow;
class ServerConnection;
struct StartOptions;

/// Takes a picture of one screen once its data is there, for the manual, and ends the program: 0, or 1 with a sentence on stderr.
class Picture final : public QObject {
    Q_OBJECT

public:
    Picture(ConsoleWindow& window, ServerConnection& server, const StartOptions& options);

private:
    void compose();
    void composeDevices();
    void shootSoon();
    void giveUp(const QString& sentence);

    ConsoleWindow& m_window;
    QString m_file, m_screen, m_device;
    bool m_isComposed = false;
};

} // namespace platen::console
