// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <ipp/Client.h>
#include <model/Reading.h>
#include <pages/Page.h>
#include <profiles/Catalogue.h>
#include <web/Client.h>

#include <QThreadPool>

#include <memory>

namespace platen::completion {

/// Which other ways in a site allows.
struct Ways {
    bool ipp = true;
    bool pages = true;
};

enum class Rhythm {
    Full, ///< a first or daily reading: whatever is lacking is asked for
    Repeat, ///< asks again only for what changes, and only the way that gave it before
};

struct Completed {
    model::Reading reading;
    model::Reading supplement; ///< what other ways gave, now or before: keep it with the device, for the next call
};

/// Asks by other ways what SNMP did not give, in COLLECTION's order: IPPS, IPP, then the pages that the maker's profile names.
class Completer {
public:
    /// Ports other than the standards' are for tests.
    struct Ports {
        quint16 ipp = 631;
        quint16 http = 80;
        quint16 https = 443;
    };

    /// `pages`: of pages::pagesOf(*catalogue).
    Completer(std::shared_ptr<const profiles::Catalogue> catalogue, pages::PageBook pages,
        const Clock& clock = Clock::system());
    Completer(std::shared_ptr<const profiles::Catalogue> catalogue, pages::PageBook pages, Ports ports,
        const Clock& clock = Clock::system());

    /// Never fails: what no way gives stays lacking. Not a packet is sent when nothing is; 5 s at most for IPP and 5 s for all
    /// pages together. In a repeat that is cut short (a way does not answer), meters and levels of the call before stand once
    /// more, but no longer. `earlier` is the supplement of the call before, empty at first. The completer must outlive the task.
    QCoro::Task<Completed> complete(model::Reading reading, model::Reading earlier, Rhythm rhythm, Ways ways = {});

    /// Nothing else is waited for any more: every complete() ends within `time`, with what it has got by then; also those to come
    /// until forgetHurry().
    void hurry(std::chrono::milliseconds time) { m_web.hurry(time); }
    void forgetHurry() { m_web.forgetHurry(); }

    quint16 ippPort() const { return m_ports.ipp; }

    /// A whole reading of a printer that speaks IPP but not SNMP, found by DNS-SD or known before. Fails as ipp::Client::ask
    /// does, or with NotFound when what answers is no printer.
    QCoro::Task<Result<model::Reading>> read(ipp::Endpoint endpoint);

private:
    struct Round;

    QCoro::Task<Result<model::Reading>> readBy(ipp::Client* client, ipp::Endpoint endpoint);
    QCoro::Task<> askIpp(std::shared_ptr<Round> round);
    QCoro::Task<> askPages(std::shared_ptr<Round> round);
    QCoro::Task<Result<QByteArray>> fetch(QString address, QString url, std::chrono::milliseconds time);

    std::shared_ptr<const profiles::Catalogue> m_catalogue;
    pages::PageBook m_pages;
    Ports m_ports;
    const Clock& m_clock;
    web::Client m_web; ///< of complete()
    ipp::Client m_ipp;
    web::Client m_patientWeb; ///< of read(), which nobody hurries
    ipp::Client m_patientIpp;
    QObject m_context;
    QThreadPool m_pool; ///< a page of 256 KiB, nested as deep as it goes, takes a second to take apart
};

} // namespace platen::completion
