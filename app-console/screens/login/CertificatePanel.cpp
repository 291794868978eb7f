// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CertificatePanel.h"

#include <console/session/ServerAddress.h>
#include <widgets/Icons.h>
#include <widgets/Theme.h>

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace platen::console {

using widgets::Ink;
using widgets::setLook;

CertificatePanel::CertificatePanel(QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel)
    , m_title(new QLabel)
    , m_words(new QLabel)
    , m_facts(widgets::makeCaption({}))
    , m_trust(new QPushButton(tr("Trust this certificate")))
    , m_forget(new QPushButton(tr("Forget the old certificate")))
    , m_back(new QPushButton(tr("Back")))
{
    setObjectName(u"certificatePanel"_s);
    m_title->setFont(widgets::fonts::title());
    m_title->setObjectName(u"certificateTitle"_s);
    m_title->setWordWrap(true);
    m_words->setWordWrap(true);
    m_facts->setWordWrap(true);
    m_trust->setObjectName(u"trustCertificate"_s);
    m_forget->setObjectName(u"forgetCertificate"_s);
    m_back->setObjectName(u"backToLogin"_s);
    setLook(m_trust, "primary");
    for (QPushButton* button : {m_trust, m_forget, m_back})
        button->setAutoDefault(true); // Enter does what the one with the focus says

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_icon);
    column->addWidget(m_title);
    column->addWidget(m_words);
    m_oldBox = makeFingerprint(m_oldCaption, m_old, u"oldFingerprint"_s);
    column->addWidget(m_oldBox);
    column->addWidget(makeFingerprint(m_newCaption, m_new, u"newFingerprint"_s));
    column->addWidget(m_facts);
    column->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_back);
    buttons->addStretch(1);
    buttons->addWidget(m_forget);
    buttons->addWidget(m_trust);
    column->addLayout(buttons);

    connect(m_trust, &QPushButton::clicked, this, [this] { emit trusted(m_certificate); });
    connect(m_forget, &QPushButton::clicked, this, [this] { emit forgotten(m_certificate); });
    connect(m_back, &QPushButton::clicked, this, &CertificatePanel::cancelled);
}

QWidget* CertificatePanel::makeFingerprint(QLabel*& caption, QLabel*& value, const QString& objectName)
{
    auto* box = new QFrame;
    setLook(box, "inset");
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(4);
    caption = widgets::makeCaption({});
    value = new QLabel;
    value->setObjectName(objectName);
    QFont font = widgets::fonts::mono();
    font.setPixelSize(11);
    value->setFont(font);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(caption);
    column->addWidget(value);
    return box;
}

void CertificatePanel::present(const DoubtfulCertificate& certificate)
{
    m_certificate = certificate;
    const bool changed = certificate.isChanged();
    const QString server = shownAddress(certificate.server);
    m_icon->setPixmap(widgets::icon(changed ? u"state-error"_s : u"lock"_s, changed ? Ink::Critical : Ink::Accent).pixmap(QSize(32, 32), devicePixelRatioF()));
    m_title->setText(changed ? tr("The certificate has changed") : tr("Is this your server?"));
    m_words->setText(changed ? tr("%1 shows another certificate than the one you trusted. Somebody may be listening in, so the console does not connect. "
                                  "Go on only if the server's administrator tells you that the certificate was replaced.")
                                   .arg(server)
                             : tr("You connect to %1 for the first time, and its certificate is signed by itself. Compare this fingerprint with the one "
                                  "the server's administrator gives you. If they are the same, trust it; you will not be asked again.")
                                   .arg(server));
    m_oldBox->setVisible(changed);
    m_oldCaption->setText(tr("Trusted until now (SHA-256)"));
    m_old->setText(shownFingerprint(certificate.trusted, true));
    m_newCaption->setText(changed ? tr("Shown now (SHA-256)") : tr("Fingerprint (SHA-256)"));
    m_new->setText(shownFingerprint(certificate.fingerprint, true));
    m_facts->setText(tr("Issued for %1, valid until %2.").arg(certificate.subject, QLocale().toString(certificate.validUntil.toLocalTime().date(), QLocale::ShortFormat)));
    m_trust->setVisible(!changed);
    m_forget->setVisible(changed);
    m_back->setFocus(Qt::OtherFocusReason); // Enter alone never trusts
}

} // namespace platen::console
