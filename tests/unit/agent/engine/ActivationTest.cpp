// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Activation.h>
#include <channel/SealedEnvelope.h>
#include <channel/Transport.h>
#include <crypto/Crypto.h>
#include <http/Edge.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::agent::DataFolder;
using platen::test::wait;

namespace {

/// A server that gives out keys, and then ends every connection with `closeCode`: after HELLO, or at once.
class Server {
public:
    explicit Server(const crypto::Pin& pin)
        : m_pin(pin)
    {
        m_edge.route("POST", "/a/v2/activate",
            [this](const http::Request& request, const http::Reply& reply) { reply(start(request)); });
        m_edge.route("POST", "/a/v2/activate/confirm",
            [this](const http::Request& request, const http::Reply& reply) { reply(confirm(request)); });
        m_edge.routeSocket("/a/v2/socket", [this](const std::shared_ptr<http::Socket>& socket) {
            m_sockets.append(socket);
            QObject::connect(socket.get(), &http::Socket::received, &m_edge,
                [this, raw = socket.get()](const QByteArray&, bool) { raw->close(closeCode); });
        });
        if (!m_edge.listen({}))
            qFatal("no port");
    }

    QUrl url() const { return QUrl(u"http://127.0.0.1:%1"_s.arg(m_edge.port())); }

    quint16 closeCode = 1011;

private:
    http::Response start(const http::Request& request)
    {
        const auto m1 = *protocol::ActivateStart::decode(request.body);
        m_run = std::make_unique<crypto::ServerActivation>(*crypto::ServerActivation::begin(m_pin.characters,
            {m1.locator, m1.sid, m1.ya, m1.rsaPublic, m1.info}, {QByteArray(16, 's'), QByteArray(32, 'k'), 0}));
        const auto& m2 = m_run->reply();
        return {200, "application/cbor",
            protocol::ActivateStartReply{m2.yb, m2.serverId, m2.spk, fromMs(m2.serverTime)}.encode(), {}};
    }

    http::Response confirm(const http::Request& request)
    {
        const auto m4 = m_run->confirm(protocol::ActivateConfirm::decode(request.body)->ta);
        const protocol::ActivationBox box{QByteArray(16, 'a'), 1, {}, {}, {}};
        return {200, "application/cbor",
            protocol::ActivateConfirmReply{m4->ct, m4->tb, channel::sealActivationBox(box, m4->root, {})}.encode(), {}};
    }

    crypto::Pin m_pin;
    http::Edge m_edge;
    std::unique_ptr<crypto::ServerActivation> m_run;
    QList<std::shared_ptr<http::Socket>> m_sockets;
};

} // namespace

class ActivationTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CONFIG_HOME", m_folder->filePath(u"config"_s).toUtf8());
    }

    void keepsTheKeyUnlessTheServerRefusesIt_data()
    {
        QTest::addColumn<int>("closeCode");
        QTest::addColumn<bool>("isKept");
        QTest::newRow("no answer: the PIN may be used up") << 1011 << true;
        QTest::newRow("refused") << int(channel::refusedCloseCode) << false;
    }
    void keepsTheKeyUnlessTheServerRefusesIt()
    {
        QFETCH(const int, closeCode);
        QFETCH(const bool, isKept);
        const crypto::Pin pin = crypto::Pin::generate();
        Server server(pin);
        server.closeCode = quint16(closeCode);
        agent::Settings settings;
        settings.allowPlainHttp = true;
        const auto folder = DataFolder::make(m_folder->filePath(u"data"_s));
        QVERIFY(folder);
        agent::Activation activation(*folder, settings);
        if (isKept)
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"did not answer the first greeting"_s));
        const auto activated = wait(activation.run({server.url(), pin, u"North"_s}));
        QVERIFY2(activated.has_value() == isKept, activated ? "" : qPrintable(activated.error().detail));
        QCOMPARE(folder->keyFile().exists(), isKept);
        if (isKept)
            QCOMPARE(agent::Enrolment::decode(*folder->keyFile().load())->root, activated->root);
    }
};

PLATEN_TEST(ActivationTest)
#include "ActivationTest.moc"
