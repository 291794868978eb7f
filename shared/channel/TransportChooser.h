// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Proxy.h"
#include "Transport.h"
#include "TransportLadder.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>

namespace platen::channel {

/// Makes the transports of one client, the best that its way to the server lets through (TransportLadder): whoever uses them does
/// not know which. Looks for a better one beside the one that works, and says better() when it stands ready.
class TransportChooser : public QObject {
    Q_OBJECT

public:
    using Make = std::function<std::unique_ptr<Transport>(TransportKind kind)>;

    struct Settings {
        std::chrono::milliseconds riseEvery = std::chrono::minutes(30);
        std::chrono::milliseconds lookEvery = std::chrono::minutes(1); ///< whether that time has come
        std::chrono::milliseconds proof{2'000};   ///< a better one has to show a sign of life within, where it can
        std::chrono::milliseconds patience{5'000}; ///< one that was open so long without a sign, and was given up, has failed
    };

    /// The usual three: `trust` and `proxy` for all of them, text messages for consoles.
    static Make usual(const TlsTrust& trust, const Proxy& proxy, bool isText, qint64 messageBytes = 1 << 20);

    explicit TransportChooser(Make make, const Clock& clock = Clock::system());
    TransportChooser(Make make, Settings settings, const Clock& clock = Clock::system());
    ~TransportChooser() override;

    /// A fresh transport to be opened at `url`, or the better one of better(), which is open already.
    std::unique_ptr<Transport> next(const QUrl& url);

    const TransportLadder& ladder() const { return m_ladder; }
    QStringList whyNotBetter() const; ///< "WebSocket: …", a sentence each; best first

signals:
    void better();  ///< connect again now: next() gives a better transport
    void changed(); ///< what works, or why nothing better does

private:
    struct Watch;

    void watch(Transport* transport, TransportKind kind);
    void judge(const Watch& watch, const Error& why);
    void look();
    void probe();
    void weigh();
    void miss(const QString& why);
    void dropProbe();
    QStringList reasons(std::optional<TransportKind> than) const; ///< why none better than that works; or all

    const Make m_make;
    const Settings m_settings;
    const Clock& m_clock;
    TransportLadder m_ladder;
    QUrl m_url;
    QPointer<Transport> m_current;
    QList<TransportKind> m_candidates; ///< to be probed, the first one now
    std::unique_ptr<Transport> m_probe;
    QTimer m_looks;
    QTimer m_proof;
    std::optional<TransportKind> m_ready; ///< m_probe waits for next()
};

/// For people: "WebSocket".
QString nameOf(TransportKind kind);

} // namespace platen::channel
