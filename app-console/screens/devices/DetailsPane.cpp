// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DetailsPane.h"

#include "AlertList.h"
#include "HistoryView.h"

#include <console/models/DeviceDetails.h>
#include <widgets/Banner.h>
#include <widgets/ErrorText.h>
#include <widgets/Icons.h>
#include <widgets/RelativeTime.h>
#include <widgets/StatePill.h>
#include <widgets/SupplyBar.h>
#include <widgets/Theme.h>
#include <widgets/Words.h>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace platen::console {

using widgets::setLook;

namespace {

QToolButton* makeButton(const QString& icon, const QString& words, const QString& objectName)
{
    auto* button = new QToolButton;
    button->setIcon(widgets::icon(icon, widgets::Ink::Muted));
    button->setIconSize({16, 16});
    button->setToolTip(words);
    button->setAccessibleName(words);
    button->setObjectName(objectName);
    return button;
}

// Which unit all meters have; empty when they differ.
QString commonUnit(const QList<model::Meter>& meters)
{
    for (const model::Meter& meter : meters) {
        if (meter.unit != meters.first().unit)
            return {};
    }
    return meters.isEmpty() ? QString() : meters.first().unit;
}

} // namespace

DetailsPane::DetailsPane(DeviceDetails& details, QWidget* parent)
    : QFrame(parent)
    , m_details(details)
{
    setObjectName(u"detailsPane"_s);
    setAccessibleName(tr("Details"));
    setLook(this, "card");
    setMinimumWidth(320);
    setFocusPolicy(Qt::ClickFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 6);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(makeBody(), 1);
    connect(&details, &DeviceDetails::changed, this, &DetailsPane::showDevice);
    connect(&details, &DeviceDetails::deviceChosen, this, [this] { m_scroll->ensureVisible(0, 0); });
    connect(m_history, &HistoryView::shown, this, &DetailsPane::historyShown);
    setWide(false);
}

QWidget* DetailsPane::makeHead()
{
    auto* head = new QWidget;
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(16, 12, 8, 12);
    column->setSpacing(2);
    auto* first = new QHBoxLayout;
    first->setSpacing(0);
    m_back = makeButton(u"go-previous"_s, tr("Back to the table"), u"detailsBack"_s);
    m_title = new QLabel;
    m_title->setObjectName(u"detailsTitle"_s);
    m_title->setFont(widgets::fonts::section());
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_widen = makeButton(u"view-fullscreen"_s, tr("Show over the whole page"), u"detailsWiden"_s);
    auto* close = makeButton(u"window-close"_s, tr("Close the details"), u"detailsClose"_s);
    first->addWidget(m_back);
    first->addWidget(m_title, 1);
    first->addWidget(m_widen, 0, Qt::AlignTop);
    first->addWidget(close, 0, Qt::AlignTop);
    m_subtitle = new QLabel;
    m_subtitle->setTextFormat(Qt::PlainText);
    m_subtitle->setWordWrap(true);
    setLook(m_subtitle, "muted");
    auto* last = new QHBoxLayout;
    last->setSpacing(8);
    last->setContentsMargins(0, 8, 8, 0);
    m_state = new widgets::StatePill;
    m_seen = widgets::makeCaption({});
    last->addWidget(m_state);
    last->addWidget(m_seen, 1);
    column->addLayout(first);
    column->addWidget(m_subtitle);
    column->addLayout(last);
    connect(m_back, &QToolButton::clicked, this, [this] { emit wideRequested(false); });
    connect(m_widen, &QToolButton::clicked, this, [this] { emit wideRequested(true); });
    connect(close, &QToolButton::clicked, this, &DetailsPane::closeRequested);
    return head;
}

QVBoxLayout* DetailsPane::addSection(QVBoxLayout* column, const QString& title, QLabel** caption)
{
    auto* rule = new QFrame;
    setLook(rule, "rule");
    auto* whole = new QVBoxLayout;
    whole->setSpacing(0);
    whole->addWidget(rule);
    auto* section = new QVBoxLayout;
    section->setContentsMargins(16, 14, 16, 16);
    section->setSpacing(10);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(title);
    label->setFont(widgets::fonts::strong());
    row->addWidget(label, 1);
    if (caption)
        row->addWidget(*caption = widgets::makeCaption({}));
    section->addLayout(row);
    whole->addLayout(section);
    column->addLayout(whole);
    return section;
}

QWidget* DetailsPane::makeBody()
{
    auto* body = new QWidget;
    m_columns = new QBoxLayout(QBoxLayout::TopToBottom, body);
    m_columns->setContentsMargins(0, 0, 0, 0);
    m_columns->setSpacing(0);
    auto* left = m_left = new QVBoxLayout;
    auto* right = m_right = new QVBoxLayout;
    left->setSpacing(0);
    right->setSpacing(0);

    m_banner = new widgets::Banner;
    m_banner->setObjectName(u"detailsBanner"_s);
    connect(m_banner, &widgets::Banner::actionTriggered, &m_details, &DeviceDetails::refresh);
    left->addWidget(m_banner);

    QVBoxLayout* status = addSection(left, tr("Panel and alerts"));
    auto* box = new QFrame;
    setLook(box, "inset");
    auto* boxColumn = new QVBoxLayout(box);
    boxColumn->setContentsMargins(12, 8, 12, 8);
    m_panel = new QLabel;
    m_panel->setObjectName(u"panelText"_s);
    m_panel->setFont(widgets::fonts::mono());
    m_panel->setTextFormat(Qt::PlainText);
    m_panel->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_panel->setWordWrap(true);
    boxColumn->addWidget(m_panel);
    m_panelBox = box;
    status->addWidget(box);
    m_alerts = new AlertList;
    m_alerts->setObjectName(u"alerts"_s);
    status->addWidget(m_alerts);

    QVBoxLayout* supplies = addSection(left, tr("Supplies"));
    m_supplies = new QVBoxLayout;
    m_supplies->setSpacing(6);
    m_noSupplies = new QLabel(tr("This device reports no supplies."));
    setLook(m_noSupplies, "muted");
    supplies->addLayout(m_supplies);
    supplies->addWidget(m_noSupplies);

    QVBoxLayout* history = addSection(right, tr("History"));
    m_history = new HistoryView(m_details);
    history->addWidget(m_history);

    QVBoxLayout* meters = addSection(right, tr("Meters"), &m_metersCaption);
    m_meters = new FieldList;
    m_meters->setObjectName(u"meters"_s);
    meters->addWidget(m_meters);

    QVBoxLayout* identity = addSection(right, tr("Identity"));
    m_identity = new FieldList;
    m_identity->setObjectName(u"identity"_s);
    identity->addWidget(m_identity);
    m_identitySection = right->itemAt(right->count() - 1)->layout();

    left->addStretch(1);
    right->addStretch(1);
    m_columns->addLayout(left, 1);
    m_columns->addLayout(right, 1);
    m_scroll = new QScrollArea;
    m_scroll->setWidget(body);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return m_scroll;
}

void DetailsPane::setWide(bool wide)
{
    m_isWide = wide;
    m_back->setVisible(wide);
    m_widen->setVisible(!wide);
    m_history->setPlotHeight(wide ? 300 : 210);
    // Beside the table identity stands last; over the page the left column has room for it.
    QVBoxLayout* from = wide ? m_right : m_left;
    QVBoxLayout* to = wide ? m_left : m_right;
    if (from->indexOf(m_identitySection) >= 0) {
        from->removeItem(m_identitySection);
        m_identitySection->setParent(nullptr);
        to->insertLayout(to->count() - 1, m_identitySection);
    }
    m_columns->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void DetailsPane::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape) {
        QFrame::keyPressEvent(event);
        return;
    }
    if (m_isWide)
        emit wideRequested(false);
    else
        emit closeRequested();
}

void DetailsPane::showDevice()
{
    if (m_details.id().isEmpty())
        return;
    if (m_details.error())
        m_banner->showError(widgets::errorText(m_details.error()->code), tr("Retry"));
    else
        m_banner->hide();
    showHead();
    showPanel();
    showSupplies(m_details.reading() ? m_details.reading()->supplies : QList<model::Supply>());
    showMeters();
    showIdentity();
}

void DetailsPane::showHead()
{
    const DeviceRow& row = m_details.row();
    m_title->setText(row.title());
    QStringList where;
    for (const QString& part : {row.location, row.agentName}) {
        if (!part.isEmpty())
            where.append(part);
    }
    m_subtitle->setText(where.join(u" · "_s));
    m_subtitle->setVisible(!where.isEmpty());
    m_state->present(row.state, row.stateWords());
    m_seen->setText(tr("seen %1").arg(widgets::relativeTime(row.lastSeenAt, Clock::system().now())));
    m_seen->setToolTip(widgets::exactTime(row.lastSeenAt));
}

void DetailsPane::showPanel()
{
    const auto& reading = m_details.reading();
    const QStringList lines = reading ? reading->status.display : QStringList();
    m_panel->setText(lines.join(u'\n'));
    m_panelBox->setVisible(!lines.isEmpty());
    if (reading)
        m_alerts->present(reading->alerts);
    m_alerts->setVisible(reading.has_value());
}

void DetailsPane::showSupplies(const QList<model::Supply>& supplies)
{
    while (m_supplies->count() > supplies.size()) {
        const std::unique_ptr<QLayoutItem> last{m_supplies->takeAt(m_supplies->count() - 1)};
        delete last->widget();
    }
    for (int i = 0; i < supplies.size(); ++i) {
        if (i < m_supplies->count())
            static_cast<widgets::SupplyBar*>(m_supplies->itemAt(i)->widget())->present(supplies[i]);
        else
            m_supplies->addWidget(new widgets::SupplyBar(supplies[i]));
    }
    m_noSupplies->setVisible(supplies.isEmpty() && m_details.reading().has_value());
}

void DetailsPane::showMeters()
{
    QList<Field> fields;
    QList<model::Meter> meters = m_details.reading() ? m_details.reading()->meters : QList<model::Meter>();
    std::ranges::stable_sort(meters, {}, &widgets::meterRank);
    const QString unit = commonUnit(meters);
    for (const model::Meter& meter : meters) {
        QString value = QLocale().toString(meter.value);
        if (unit.isEmpty() && !meter.unit.isEmpty())
            value = tr("%1 %2", "a number and its unit").arg(value, widgets::unitName(meter.unit));
        fields.append({widgets::meterName(meter, meters), value, true});
    }
    m_metersCaption->setText(unit.isEmpty() ? QString() : widgets::unitName(unit));
    if (fields.isEmpty() && m_details.reading())
        fields.append({tr("This device reports no meters."), {}});
    m_meters->present(fields);
}

void DetailsPane::showIdentity()
{
    QList<Field> fields;
    const auto add = [&fields](const QString& name, const QString& value) {
        if (!value.isEmpty())
            fields.append({name, value});
    };
    const DeviceRow& row = m_details.row();
    const model::Identity identity = m_details.reading() ? m_details.reading()->identity : model::Identity();
    add(tr("Kind"), row.deviceType.isEmpty() ? QString() : widgets::deviceTypeName(row.deviceType));
    add(tr("Serial number"), row.serialNumber);
    add(tr("Asset number"), row.assetNumber);
    add(tr("Address"), row.address);
    add(tr("MAC address"), identity.mac.toUpper());
    add(tr("Firmware"), identity.firmware);
    add(tr("Location"), row.location);
    add(tr("Agent"), row.agentName);
    add(tr("First seen"), widgets::exactTime(m_details.firstSeenAt()));
    m_identity->present(fields);
}

} // namespace platen::console
