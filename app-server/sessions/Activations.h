// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "GuessLimit.h"
#include "SourceLimit.h"

#include <base/Seldom.h>
#include <crypto/Activation.h>
#include <http/Edge.h>
#include <protocol/Messages.h>
#include <server/store/Installation.h>
#include <server/store/PinStore.h>

#include <QCoro/QCoroTask>
#include <QThreadPool>

#include <memory>

namespace platen::sessions {

/// Activation by PIN (PROTOCOL.md §2): M1 to M4 over two POSTs. A wrong PIN, an unknown one and one that may not be tried now cannot
/// be told apart. Answers are CBOR; failures {"error": name} with 400 malformed, 401 wrong PIN, 409 sid seen before, 410 run over
/// or unknown, 429 too many tries from this address, 503 try later (too many wrong PINs from everywhere, or trouble of ours).
class Activations {
public:
    struct Settings {
        QByteArray tlsSpki; ///< SHA-256 of our TLS key, which agents pin; empty: none
        int startsPerMinute = 10; ///< per source address
        qsizetype runs = 2000; ///< at once
    };

    Activations(store::PinStore& pins, store::Installation installation, Settings settings, const Clock& clock);
    ~Activations(); ///< after the work in its threads has ended

    /// What agents pin from now on: the TLS key was renewed.
    void showTlsKey(const QByteArray& spkiSha256) { m_settings.tlsSpki = spkiSha256; }

    /// Declares both routes. The Edge must go before this does.
    void attach(http::Edge& edge);

    QCoro::Task<http::Response> start(http::Request request); ///< M1 → M2
    QCoro::Task<http::Response> confirm(http::Request request); ///< M3 → M4

private:
    struct Run;

    QCoro::Task<http::Response> begin(protocol::ActivateStart start, protocol::AgentInfo info);
    QCoro::Task<http::Response> judge(std::shared_ptr<Run> run, protocol::ActivateConfirm message);
    QCoro::Task<http::Response> welcome(std::shared_ptr<Run> run, crypto::ServerActivation::Confirmed confirmed);
    http::Response busy();
    void forgetOld();

    template <typename Work>
    auto inThread(Work work) -> QCoro::Task<std::invoke_result_t<Work>>;

    store::PinStore& m_pins;
    const store::Installation m_installation;
    Settings m_settings;
    const Clock& m_clock;
    SourceLimit m_starts;
    GuessLimit m_guesses;
    Seldom m_told;
    QHash<QByteArray, std::shared_ptr<Run>> m_runs; ///< by sid
    QObject m_context; // before the pool, whose work answers through it
    QThreadPool m_pool;
};

} // namespace platen::sessions
