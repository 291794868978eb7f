// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Client.h"

using namespace Qt::StringLiterals;

namespace platen::ipp {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr quint32 requestId = 1; // one request a connection

// The path a printer announced, else those that printers are known to use: IPP Everywhere's, the older one, the root.
QStringList pathsOf(const Endpoint& endpoint)
{
    if (!endpoint.path.isEmpty())
        return {u'/' + endpoint.path};
    return {u"/ipp/print"_s, u"/ipp"_s, u"/"_s};
}

QUrl printerAt(const Endpoint& endpoint, const QString& scheme, const QString& path)
{
    QUrl url;
    url.setScheme(scheme);
    url.setHost(endpoint.address.toString());
    url.setPort(endpoint.port);
    url.setPath(path);
    return url;
}

QUrl overHttp(QUrl printer)
{
    printer.setScheme(printer.scheme() == "ipps"_L1 ? u"https"_s : u"http"_s);
    return printer;
}

Result<Attributes> attributesIn(const web::Answer& answer, const QUrl& printer)
{
    if (answer.status == 404 || answer.status == 405)
        return fail(ErrorCode::NotFound, u"There is no printer at %1."_s.arg(printer.toString()));
    if (answer.status != 200 || !answer.contentType.startsWith("application/ipp"))
        return fail(ErrorCode::Unsupported,
            u"%1 does not answer as IPP does (HTTP status %2)."_s.arg(printer.toString()).arg(answer.status));
    Result<Attributes> attributes = parse(answer.body);
    if (!attributes)
        return attributes;
    if (attributes->requestId != requestId)
        return fail(ErrorCode::Malformed, u"%1 answers another request."_s.arg(printer.toString()));
    if (!attributes->isSuccess())
        return fail(ErrorCode::NotFound,
            u"There is no printer at %1 (IPP status 0x%2)."_s.arg(printer.toString())
                .arg(int(attributes->status), 4, 16, QChar(u'0')));
    return attributes;
}

} // namespace

Client::Client(web::Client& web, milliseconds time)
    : m_web(web)
    , m_time(time)
{
}

QCoro::Task<Result<Attributes>> Client::ask(Endpoint endpoint)
{
    const auto begin = steady_clock::now();
    const milliseconds time = m_web.within(m_time);
    Result<Attributes> outcome = fail(ErrorCode::NotFound, u"%1 has no IPP."_s.arg(endpoint.address.toString()));
    for (const QString& scheme : {u"ipps"_s, u"ipp"_s}) {
        // Where only plain IPP is spoken, a greeting in TLS may wait for an answer in vain.
        const auto end = begin + (scheme == "ipps"_L1 ? time / 2 : time);
        for (const QString& path : pathsOf(endpoint)) {
            const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
            if (left <= milliseconds::zero())
                break;
            const QUrl printer = printerAt(endpoint, scheme, path);
            const Result<web::Answer> answer = co_await m_web.post(
                overHttp(printer), "application/ipp", getPrinterAttributes(printer, requestId), {.time = left});
            if (!answer && answer.error().code == ErrorCode::NotFound) // the port is closed, for TLS and without
                co_return fail(ErrorCode::NetworkFailed, answer.error().detail);
            outcome = answer ? attributesIn(*answer, printer) : fail(answer.error());
            if (outcome)
                co_return outcome;
            if (outcome.error().code != ErrorCode::NotFound)
                break; // another path would not help
        }
        if (outcome.error().code == ErrorCode::NotFound)
            break; // it speaks IPP, and would say the same without TLS
    }
    co_return outcome;
}

} // namespace platen::ipp
