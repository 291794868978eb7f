// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Browser.h"

#include "Findings.h"

#include <QCoro/QCoroTimer>
#include <QNetworkDatagram>
#include <QNetworkInterface>
#include <QTimer>
#include <QUdpSocket>
#include <QVariant>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::dnssd {

namespace {

/// One link's search while it lasts.
struct Search {
    explicit Search(const Link& l)
        : link(l)
        , findings(l)
    {
        // A port of our own makes the queries legacy ones, which are answered to us alone (RFC 6762 §6.7).
        socket.bind(link.source, 0);
        socket.setSocketOption(QAbstractSocket::MulticastTtlOption, 255);
        QObject::connect(&socket, &QUdpSocket::readyRead, &socket, [this] {
            while (socket.hasPendingDatagrams()) {
                const QNetworkDatagram datagram = socket.receiveDatagram(9'001);
                findings.hear(datagram.senderAddress(), datagram.data());
            }
        });
    }

    void ask(const QList<Question>& questions)
    {
        if (!questions.isEmpty() && socket.state() == QAbstractSocket::BoundState)
            socket.writeDatagram(query(questions), link.group, link.port);
    }

    Link link;
    Findings findings;
    QUdpSocket socket;
};

QCoro::Task<> pass(std::chrono::milliseconds time)
{
    QTimer timer;
    timer.setSingleShot(true);
    timer.start(time);
    co_await timer;
}

} // namespace

bool Service::isShared() const
{
    return resourcePath.startsWith("printers/"_L1) || resourcePath.startsWith("classes/"_L1);
}

QList<Link> localLinks()
{
    QList<Link> links;
    for (const QNetworkInterface& interface : QNetworkInterface::allInterfaces()) {
        const auto flags = interface.flags();
        if (!flags.testFlags(QNetworkInterface::IsUp | QNetworkInterface::IsRunning | QNetworkInterface::CanMulticast)
            || flags.testAnyFlags(QNetworkInterface::IsLoopBack | QNetworkInterface::IsPointToPoint))
            continue;
        for (const QNetworkAddressEntry& entry : interface.addressEntries()) {
            const bool isIp4 = entry.ip().protocol() == QAbstractSocket::IPv4Protocol;
            if (entry.prefixLength() <= 0 || (!isIp4 && !entry.ip().isLinkLocal()))
                continue;
            QHostAddress group(isIp4 ? u"224.0.0.251"_s : u"ff02::fb"_s);
            if (!isIp4)
                group.setScopeId(interface.name());
            links += {entry.ip(), entry.prefixLength(), group};
        }
    }
    return links;
}

Browser::Browser(QList<Link> links, std::chrono::milliseconds time)
    : m_links(std::move(links))
    , m_time(time)
{
}

QCoro::Task<QList<Service>> Browser::browse()
{
    std::vector<std::unique_ptr<Search>> searches;
    for (const Link& link : m_links)
        searches.push_back(std::make_unique<Search>(link));
    constexpr int rounds = 3; // the kinds twice, as packets get lost; then what is still open
    const auto each = m_time / rounds;
    for (int round = 0; round < rounds; ++round) {
        for (const auto& search : searches)
            search->ask(
                (round < 2 ? Findings::firstQuestions() : QList<Question>()) + search->findings.openQuestions());
        co_await pass(each);
    }
    QList<Service> services;
    for (const auto& search : searches) {
        for (const Service& service : search->findings.services()) {
            const auto isSame = [&](const Service& known) {
                return known.address == service.address && known.kind == service.kind && known.port == service.port
                    && known.resourcePath == service.resourcePath;
            };
            if (std::ranges::none_of(services, isSame))
                services += service;
        }
    }
    co_return services;
}

} // namespace platen::dnssd
