// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LoginScreen.h"

#include "CertificatePanel.h"

#include <console/session/ServerAddress.h>
#include <console/session/ServerConnection.h>
#include <console/session/Settings.h>
#include <widgets/Banner.h>
#include <widgets/ErrorText.h>
#include <widgets/Icons.h>
#include <widgets/Theme.h>

#include <QHBoxLayout>
#include <QHostAddress>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace platen::console {

using widgets::setLook;

LoginScreen::LoginScreen(ServerConnection& server, CertificateStore& certificates, QSettings& settings, QWidget* parent)
    : QWidget(parent)
    , m_server(server)
    , m_certificates(certificates)
    , m_settings(settings)
    , m_pages(new QStackedWidget)
    , m_certificate(new CertificatePanel)
{
    setObjectName(u"loginScreen"_s);
    auto* card = new QFrame;
    setLook(card, "card");
    card->setFixedWidth(448);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(32, 32, 32, 32);
    inside->addWidget(m_pages);
    m_pages->addWidget(makeForm());
    m_pages->addWidget(m_certificate);

    auto* column = new QVBoxLayout(this);
    column->addStretch(2);
    column->addWidget(card, 0, Qt::AlignHCenter);
    column->addSpacing(16);
    column->addWidget(widgets::makeCaption(tr("Platen console %1").arg(QStringLiteral(PLATEN_VERSION))), 0, Qt::AlignHCenter);
    column->addStretch(3);

    connect(m_certificate, &CertificatePanel::trusted, this, [this](const DoubtfulCertificate& certificate) {
        m_certificates.trust(certificate.server, certificate.fingerprint);
        showForm();
        submit();
    });
    connect(m_certificate, &CertificatePanel::forgotten, this, [this](const DoubtfulCertificate& certificate) {
        m_certificates.forget(certificate.server);
        showForm();
        submit();
    });
    connect(m_certificate, &CertificatePanel::cancelled, this, &LoginScreen::showForm);
}

QWidget* LoginScreen::makeForm()
{
    auto* form = new QWidget;
    auto* column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* mark = new QLabel;
    mark->setPixmap(widgets::icon(u"mark"_s).pixmap(QSize(48, 48), devicePixelRatioF()));
    auto* title = new QLabel(tr("Log in to Platen"));
    title->setFont(widgets::fonts::title());
    column->addWidget(mark);
    column->addSpacing(16);
    column->addWidget(title);
    column->addSpacing(16);
    m_banner = new widgets::Banner;
    m_banner->setObjectName(u"loginBanner"_s);
    column->addWidget(m_banner);

    m_address = addField(column, tr("Server"), u"server"_s);
    m_address.edit->setPlaceholderText(tr("printers.example.com"));
    m_address.edit->setText(m_settings.value(settings::server).toString());
    m_plain = widgets::makeCaption(tr("This connection will not be encrypted: others on the network can read your password."));
    m_plain->setWordWrap(true);
    m_plain->setObjectName(u"plainWarning"_s);
    column->addWidget(m_plain);
    m_name = addField(column, tr("Name"), u"name"_s);
    m_name.edit->setText(m_settings.value(settings::userName).toString());
    m_password = addField(column, tr("Password"), u"password"_s);
    m_password.edit->setEchoMode(QLineEdit::Password);
    connect(m_address.edit, &QLineEdit::textChanged, this, &LoginScreen::warnIfPlain);
    connect(m_address.edit, &QLineEdit::editingFinished, this, [this] {
        if (!m_address.edit->text().isEmpty() && !serverUrl(m_address.edit->text()))
            blame(m_address, tr("This is not a server's address. Give a name like printers.example.com."));
    });
    warnIfPlain();

    column->addSpacing(24);
    m_logIn = new QPushButton(tr("Log in"));
    m_logIn->setAutoDefault(true);
    m_logIn->setObjectName(u"logIn"_s);
    m_logIn->setDefault(true);
    setLook(m_logIn, "primary");
    column->addWidget(m_logIn);
    connect(m_logIn, &QPushButton::clicked, this, &LoginScreen::submit);
    for (const Field& field : {m_address, m_name, m_password})
        connect(field.edit, &QLineEdit::returnPressed, this, &LoginScreen::submit);
    return form;
}

LoginScreen::Field LoginScreen::addField(QVBoxLayout* column, const QString& label, const QString& objectName)
{
    auto* name = new QLabel(label);
    name->setFont(widgets::fonts::strong());
    auto* edit = new QLineEdit;
    edit->setObjectName(objectName);
    edit->setAccessibleName(label);
    auto* error = new QLabel;
    error->setObjectName(objectName + u"Error"_s);
    error->setFont(widgets::fonts::caption());
    error->setWordWrap(true);
    setLook(error, "critical");
    error->hide();
    name->setBuddy(edit);
    column->addSpacing(16);
    column->addWidget(name);
    column->addSpacing(4);
    column->addWidget(edit);
    column->addSpacing(4);
    column->addWidget(error);
    connect(edit, &QLineEdit::textEdited, this, [edit, error] {
        error->hide();
        edit->setProperty("wrong", false);
        edit->style()->unpolish(edit);
        edit->style()->polish(edit);
    });
    return {edit, error};
}

void LoginScreen::setServer(const QString& typed) { m_address.edit->setText(typed); }
void LoginScreen::setName(const QString& name) { m_name.edit->setText(name); }

void LoginScreen::sayWhy(ErrorCode why)
{
    if (why == ErrorCode::CertificateRefused && m_server.doubt()) {
        m_certificate->present(*m_server.doubt());
        m_pages->setCurrentWidget(m_certificate);
    } else if (why != ErrorCode::Cancelled) {
        m_banner->showNotice(widgets::errorText(why), {});
    }
}

void LoginScreen::submit()
{
    clearErrors();
    if (!check())
        return;
    setBusy(true, tr("Connecting …"));
    QCoro::connect(m_server.open(*serverUrl(m_address.edit->text())), this, [this](const Status& opened) {
        if (opened)
            logIn();
        else
            openFailed(opened.error());
    });
}

void LoginScreen::goOn(const Secret& token)
{
    const Result<QUrl> url = serverUrl(m_address.edit->text());
    if (!url)
        return;
    setBusy(true, tr("Connecting …"));
    QCoro::connect(m_server.open(*url), this, [this, token](const Status& opened) {
        if (!opened) {
            openFailed(opened.error());
            return;
        }
        QCoro::connect(m_server.resume(token), this, [this](const Result<Account>& account) {
            setBusy(false);
            if (!account)
                m_banner->showNotice(widgets::errorText(account.error().code), {});
        });
    });
}

bool LoginScreen::check()
{
    if (m_address.edit->text().trimmed().isEmpty())
        blame(m_address, tr("Enter the server's address."));
    else if (!serverUrl(m_address.edit->text()))
        blame(m_address, tr("This is not a server's address. Give a name like printers.example.com."));
    if (m_name.edit->text().trimmed().isEmpty())
        blame(m_name, tr("Enter your name."));
    if (m_password.edit->text().isEmpty())
        blame(m_password, tr("Enter your password."));
    for (const Field& field : {m_address, m_name, m_password}) {
        if (field.error->isHidden())
            continue;
        field.edit->setFocus();
        return false;
    }
    return true;
}

void LoginScreen::logIn()
{
    setBusy(true, tr("Logging in …"));
    QCoro::connect(m_server.login(m_name.edit->text().trimmed(), Secret(m_password.edit->text().toUtf8())), this, [this](const Result<Account>& account) {
        setBusy(false);
        if (!account) {
            refused(account.error());
            return;
        }
        m_settings.setValue(settings::server, m_address.edit->text().trimmed());
        m_settings.setValue(settings::userName, m_name.edit->text().trimmed());
        m_password.edit->clear();
    });
}

void LoginScreen::refused(const Error& error)
{
    const int wait = m_server.retryAfterSeconds();
    m_server.close();
    if (error.code == ErrorCode::NotAuthenticated) {
        blame(m_password, tr("The name or the password is not right. Check both and try again."));
        m_password.edit->setFocus();
        m_password.edit->selectAll();
    } else if (error.code == ErrorCode::TooManyAttempts && wait > 0) {
        m_banner->showError(tr("There were too many attempts. Try again in %n s.", nullptr, wait), {});
    } else {
        m_banner->showError(widgets::errorText(error.code), {});
    }
}

void LoginScreen::openFailed(const Error& error)
{
    setBusy(false);
    if (error.code == ErrorCode::Cancelled)
        return;
    if (error.code == ErrorCode::CertificateRefused && m_server.doubt()) {
        m_certificate->present(*m_server.doubt());
        m_pages->setCurrentWidget(m_certificate);
        return;
    }
    const QString address = shownAddress(*serverUrl(m_address.edit->text()));
    blame(m_address, error.code == ErrorCode::Timeout ? tr("%1 did not answer in time. Check the address and your network.").arg(address)
                                                      : tr("%1 cannot be reached. Check the address and your network.").arg(address));
    m_address.edit->setFocus();
}

void LoginScreen::clearErrors()
{
    m_banner->hide();
    for (const Field& field : {m_address, m_name, m_password}) {
        field.error->hide();
        field.edit->setProperty("wrong", false);
        field.edit->style()->unpolish(field.edit);
        field.edit->style()->polish(field.edit);
    }
}

void LoginScreen::blame(const Field& field, const QString& words)
{
    field.error->setText(words);
    field.error->show();
    field.edit->setProperty("wrong", true);
    field.edit->style()->unpolish(field.edit);
    field.edit->style()->polish(field.edit);
}

void LoginScreen::setBusy(bool busy, const QString& words)
{
    for (QWidget* widget : {static_cast<QWidget*>(m_address.edit), static_cast<QWidget*>(m_name.edit), static_cast<QWidget*>(m_password.edit), static_cast<QWidget*>(m_logIn)})
        widget->setEnabled(!busy);
    m_logIn->setText(busy ? words : tr("Log in"));
}

void LoginScreen::warnIfPlain()
{
    const Result<QUrl> url = serverUrl(m_address.edit->text());
    const bool isHere = url && (url->host() == "localhost"_L1 || QHostAddress(url->host()).isLoopback());
    m_plain->setVisible(url && url->scheme() == "ws"_L1 && !isHere);
}

void LoginScreen::showForm() { m_pages->setCurrentIndex(0); }

void LoginScreen::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    for (const Field& field : {m_address, m_name, m_password}) {
        field.edit->setFocus();
        if (field.edit->text().isEmpty())
            break;
    }
}

} // namespace platen::console
